// What the tests of running functions share: a runner on loops of its own, with real sockets and processes, whose functions are this very
// program (bootstrap.cc). Every wait has a bound.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "base/real_processes.h"
#include "core/testing/test_world.h"
#include "net/client_harness_test.h"
#include "runner/process_runner.h"
#include "runner/sandbox/sandbox.h"

namespace outcrop::runner {

// Also one that nobody has waited for yet.
inline bool has_ended(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string status;
  return !std::getline(file, status) || status.contains(") Z ");
}

// Keeps what functions log.
class KeptLogs final : public LogSink {
 public:
  Task<Result<void>> append(Stream to, std::vector<Line> lines) override {
    std::scoped_lock lock(mutex_);
    for (Line& line : lines) lines_.push_back(std::move(line.text));
    co_return {};
  }
  std::vector<std::string> lines() const {
    std::scoped_lock lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

class TestSurroundings final : public Surroundings {
 public:
  Result<Launch> launch(const FunctionVersion& function) override {
    if (function.runtime == "empty") return fail("Runtime.InvalidEntrypoint", 400, "no bootstrap");
    if (function.runtime == "missing") return Launch{{"/nowhere/bootstrap"}, {}};
    return Launch{{std::filesystem::read_symlink("/proc/self/exe").string()},
                  {{"TEST_ENDPOINT", test_endpoint}, {"ASAN_OPTIONS", "detect_leaks=0"}}};
  }
  Task<Result<FunctionCredentials>> credentials(FunctionVersionRef function) override {
    co_return FunctionCredentials{function->account, "secret", "session"};
  }
  std::string endpoint() override { return "http://127.0.0.1:4566"; }
  std::string certificates() override { return "/ca.pem"; }
  uint32_t unreserved_concurrency(std::string_view, std::string_view) override { return unreserved; }

  std::string test_endpoint;
  std::atomic<uint32_t> unreserved = 1'000;
};

// A whole answer.
struct Told {
  std::string fault;  // its code; empty: there is an answer
  std::string payload, content_type;
  Outcome outcome = {};
};

class RunnerRig {
 public:
  // Runs fn() on a loop, to its end.
  template <class F>
  auto run(F fn) {
    return net::TestHttpClient::wait(begin(std::move(fn)));
  }
  template <class F>
  auto begin(F fn) {
    using T = std::invoke_result_t<F>::value_type;
    std::promise<T> promise;
    std::future<T> future = promise.get_future();
    net::run_on(loops_.at(0), std::move(fn), std::move(promise));
    return future;
  }

  explicit RunnerRig(size_t loops = 2, RunnerOptions options = {}) : loops_(net::test_clock, loops) {
    runner_.emplace(RunnerParts{world_, loops_, logs, surroundings}, options);
    loops_.start();
  }
  // Whose functions are kept apart.
  struct Sandboxed {};
  explicit RunnerRig(Sandboxed) : loops_(net::test_clock, 2) {
    loops_.start();
    sandboxes_ = run([this]() -> Task<std::unique_ptr<Sandboxes>> {
      auto made = co_await keep(Sandboxes::probe(world_, {.directory = testing::TempDir() + fmt::format("sandboxes-{}", getpid())}));
      co_return std::move(*made);
    });
    runner_.emplace(RunnerParts{world_, loops_, logs, surroundings, sandboxes_.get()});
  }
  ~RunnerRig() { stop(); }
  void stop() {
    if (std::exchange(is_stopped_, true)) return;
    run([this]() -> Task<bool> {
      co_await runner_->stop();
      co_return true;
    });
  }

  static FunctionVersion function(std::string handler) {
    return {.account = "000000000000",
            .region = "eu-central-1",
            .name = "f-" + handler,
            .version = "$LATEST",
            .revision = "1",
            .role = "arn:aws:iam::000000000000:role/r",
            .runtime = "provided.al2023",
            .handler = handler,
            .code_directory = std::filesystem::current_path().string(),
            .timeout = net::generous / 2,
            .log = {.group = "/aws/lambda/f-" + handler}};
  }
  Invocation invocation(std::string payload, bool is_streamed = false) {
    return {.request_id = fmt::format("00000000-0000-4000-8000-{:012}", ++requests_),
            .payload = std::move(payload),
            .invoked_arn = "arn:aws:lambda:eu-central-1:000000000000:function:f",
            .is_streamed = is_streamed};
  }

  Task<Told> invoke_now(FunctionVersion function, Invocation invocation) {
    auto answer = co_await keep(runner().invoke(std::make_shared<const FunctionVersion>(std::move(function)), std::move(invocation)));
    if (!answer) co_return Told{.fault = answer.error().code};
    Told told{.content_type = (*answer)->content_type()};
    for (;;) {
      auto part = co_await keep((*answer)->next());
      if (!*part) break;
      told.payload += **part;
    }
    told.outcome = (*answer)->outcome();
    co_return told;
  }
  std::future<Told> begin_invoke(FunctionVersion function, Invocation invocation) {
    return begin([this, function = std::move(function), invocation = std::move(invocation)]() { return invoke_now(function, invocation); });
  }
  Told invoke(FunctionVersion function, Invocation invocation) {
    return net::TestHttpClient::wait(begin_invoke(std::move(function), std::move(invocation)));
  }
  Told invoke(std::string handler, std::string payload = "null") {
    return invoke(function(std::move(handler)), invocation(std::move(payload)));
  }

  // Until it holds.
  template <class F>
  static bool wait_until(F holds) {
    const SteadyTime due = net::test_clock.steady() + net::generous;
    bool held = holds();
    for (; !held && net::test_clock.steady() < due; held = holds()) std::this_thread::yield();
    return held;  // what ended stays so, though its number may be another's by now
  }
  bool wait_for_line(std::string_view part) {
    return wait_until([&] { return std::ranges::any_of(logs.lines(), [&](const std::string& line) { return line.contains(part); }); });
  }
  ProcessRunner& runner() { return *runner_; }
  net::Loops& loops() { return loops_; }

  KeptLogs logs;
  TestSurroundings surroundings;

 private:
  TestWorld test_world_;
  ThreadPool pool_{2};
  net::Loops loops_;
  RealProcesses processes_;
  SystemRandom random_;
  World world_{net::test_clock,      random_,           test_world_.store,  test_world_.blobs, pool_,
               test_world_.activity, test_world_.clock, loops_.executors(), processes_};
  std::unique_ptr<Sandboxes> sandboxes_;
  std::optional<ProcessRunner> runner_;
  std::atomic<int> requests_ = 0;
  bool is_stopped_ = false;
};

}  // namespace outcrop::runner
