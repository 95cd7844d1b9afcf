// A llama-server of our own: started, looked after, asked and ended. A stand-in for it is in testing/.
#include "inference/llama/llama_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "base/real_processes.h"
#include "core/testing/test_world.h"
#include "inference/collect.h"
#include "net/client_harness_test.h"
#include "net/free_port.h"

namespace outcrop::inference {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// A server on a loop of its own, whose steady time is real.
class LlamaRig {
 public:
  template <class F>
  auto run(F fn) {
    using T = std::invoke_result_t<F>::value_type;
    std::promise<T> promise;
    std::future<T> future = promise.get_future();
    net::run_on(loops_.at(0), std::move(fn), std::move(promise));
    return net::TestHttpClient::wait(std::move(future));
  }
  explicit LlamaRig(std::string kind, std::vector<std::string> more = {}, std::string command = stand_in()) {
    LlamaOptions options{.command = std::move(command), .gguf = "/models/" + kind, .served_model = "tiny", .context = 2048};
    options.arguments = std::move(more);
    options.start_timeout = kind.starts_with("never") ? Milliseconds(400) : net::generous;
    options.pace = {.starting_check_interval = Milliseconds(10),
                    .check_interval = Milliseconds(20),
                    .check_timeout = net::generous,
                    .restart_first = Milliseconds(10),
                    .restart_max = Milliseconds(20),
                    .ready_wait = net::generous};
    server_.emplace(options, port_, world_, clients_);
    provider_.emplace(OpenAiOptions{.endpoints = {{.host = "127.0.0.1", .port = port_, .target = "/v1"}}, .served_model = "tiny"}, clients_,
                      net::test_clock, test_world_.random, metrics_);
    loops_.start();
    run([this]() -> Task<bool> {
      server_->begin();
      co_return true;
    });
  }
  ~LlamaRig() {
    run([this]() -> Task<bool> {
      co_await server_->stop();
      co_await clients_.close();
      co_return true;
    });
  }

  static std::string stand_in() { return fs::absolute("src/inference/llama/testing/llama_server_stand_in.py").string(); }

  Result<void> ready(Milliseconds within = net::generous) {
    return run([this, within]() -> Task<Result<void>> { co_return co_await keep(server_->ready(net::test_clock.steady() + within, {})); });
  }
  Result<std::string> answer() {
    return run([this]() -> Task<Result<std::string>> {
      ModelRequest request{.model_id = "any", .conversation = {}, .streamed = false};
      request.conversation.messages.push_back({Role::user, {TextBlock{"Hello?"}}});
      auto answer = co_await provider_->answer(std::move(request));
      auto collected = co_await keep(collect(*answer));
      co_return std::get<TextBlock>(collected->content.at(0)).text;
    });
  }
  // Until it was started so often.
  bool wait_for_starts(uint64_t count) {
    const SteadyTime due = net::test_clock.steady() + net::generous;
    while (server_->starts() < count && net::test_clock.steady() < due) std::this_thread::yield();
    return server_->starts() >= count;
  }
  LlamaServer& server() { return *server_; }

 private:
  TestWorld test_world_;
  ThreadPool pool_{2};
  net::Loops loops_{net::test_clock, 1};
  net::Resolver resolver_{net::test_clock, pool_};
  net::RealDialer dialer_{resolver_};
  net::HttpClients clients_{loops_, dialer_};
  RealProcesses processes_;
  World world_{net::test_clock,      test_world_.random, test_world_.store,  test_world_.blobs, pool_,
               test_world_.activity, test_world_.clock,  loops_.executors(), processes_};
  Metrics metrics_{1};
  const uint16_t port_ = *net::free_loopback_port();
  std::optional<LlamaServer> server_;
  std::optional<OpenAiProvider> provider_;
};

TEST(LlamaServer, ItIsStartedWithTheFileAndAsked) {
  LlamaRig rig("well.gguf");
  ASSERT_TRUE(rig.ready());
  EXPECT_EQ(rig.answer(), "tiny with 2048 tokens");
}

TEST(LlamaServer, RequestsWaitWhileItLoads) {
  LlamaRig rig("slow.gguf");
  EXPECT_FALSE(rig.server().is_ready());
  EXPECT_TRUE(rig.ready());
  EXPECT_EQ(rig.server().starts(), 1u);
}

TEST(LlamaServer, OneThatIsNotReadyInTimeIsToldInBedrocksWords) {
  LlamaRig rig("never.gguf");
  auto waited = rig.ready(Milliseconds(20));
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, "ModelNotReadyException");
  EXPECT_EQ(waited.error().status, 429);
}

TEST(LlamaServer, OneThatNeverIsReadyIsStartedAgain) {
  LlamaRig rig("never.gguf");
  EXPECT_TRUE(rig.wait_for_starts(2));
}

TEST(LlamaServer, OneThatEndsAtOnceIsStartedAgain) {
  LlamaRig rig("crash.gguf");
  EXPECT_TRUE(rig.wait_for_starts(3));
  EXPECT_FALSE(rig.server().is_ready());
}

TEST(LlamaServer, OneThatDiesAtWorkIsStartedAgainAndServes) {
  LlamaRig rig("dies.gguf");
  ASSERT_TRUE(rig.ready());
  auto answer = rig.answer();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ServiceUnavailableException");
  EXPECT_TRUE(rig.wait_for_starts(2));
  EXPECT_TRUE(rig.ready());
}

TEST(LlamaServer, OneThatDoesNotAnswerAnyMoreIsStartedAgain) {
  LlamaRig rig("deaf.gguf");
  ASSERT_TRUE(rig.ready());
  EXPECT_TRUE(rig.wait_for_starts(2));
}

TEST(LlamaServer, AProgramThatIsNotThereIsTriedAgain) {
  LlamaRig rig("well.gguf", {}, "/nowhere/llama-server");
  auto waited = rig.ready(Milliseconds(50));
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, "ModelNotReadyException");
  EXPECT_EQ(rig.server().starts(), 0u);
}

TEST(LlamaServer, ItEndsWithTheServerEvenWhenItDoesNotWantTo) {
  const fs::path marks = fs::temp_directory_path() / fmt::format("outcrop-llama-{}", getpid());
  fs::create_directories(marks);
  {
    LlamaRig rig("stubborn.gguf", {"--marks", marks.string()});
    ASSERT_TRUE(rig.ready());
  }
  for (const fs::directory_entry& mark : fs::directory_iterator(marks)) {
    EXPECT_NE(kill(pid_t(std::stol(mark.path().filename().string())), 0), 0);
  }
  fs::remove_all(marks);
}

}  // namespace
}  // namespace outcrop::inference
