// Answers that are streamed: each part leaves when the function writes it, and no faster than it is read.
#include "runner/process_runner.h"
#include "runner/testing/runner_rig.h"

namespace outcrop::runner {
namespace {

// Reads an answer as a test wants it read.
class StreamReader {
 public:
  StreamReader(RunnerRig& rig, std::string handler, std::string payload = "null") : rig_(rig) {
    answer_ = rig.run([&]() -> Task<std::unique_ptr<Answer>> {
      auto answer = co_await keep(
          rig.runner().invoke(std::make_shared<const FunctionVersion>(RunnerRig::function(handler)), rig.invocation(payload, true)));
      co_return std::move(*answer);
    });
  }
  std::optional<std::string> next() {
    return rig_.run([this]() -> Task<std::optional<std::string>> {
      auto part = co_await keep(answer_->next());
      co_return *part;
    });
  }
  void close() {
    rig_.run([this]() -> Task<bool> {
      co_await answer_->close();
      co_return true;
    });
  }
  const Answer& answer() const { return *answer_; }

 private:
  RunnerRig& rig_;
  std::unique_ptr<Answer> answer_;
};

// A gate that functions pass on their way.
struct SentGate {
  explicit SentGate(RunnerRig& rig)
      : server([this](net::Exchange& exchange) -> Task<void> {
          ++arrived;
          co_await gate.pass(exchange.stop_token());
          (void)co_await exchange.respond({200}, "");
        }) {
    rig.surroundings.test_endpoint = server.endpoint.text();
  }
  net::Gate gate;
  std::atomic<int> arrived = 0;
  net::TestServer server;
};

TEST(Streaming, PartsAreTheFunctions) {
  RunnerRig rig;
  StreamReader reader(rig, "stream", "abc");
  EXPECT_EQ(reader.answer().content_type(), "application/vnd.awslambda.http-integration-response");
  std::string all;
  while (auto part = reader.next()) all += *part;
  EXPECT_EQ(all, "abc");
  EXPECT_EQ(reader.answer().outcome().function_error, "");
}

TEST(Streaming, APartArrivesWhileTheFunctionGoesOn) {
  RunnerRig rig;
  SentGate gate(rig);
  StreamReader reader(rig, "stream-when-asked");
  EXPECT_EQ(reader.next(), "first");  // the function waits at the gate
  gate.gate.open();
  EXPECT_EQ(reader.next(), "second");
  EXPECT_EQ(reader.next(), std::nullopt);
}

TEST(Streaming, AnErrorInItsMidstIsToldAtItsEnd) {
  RunnerRig rig;
  StreamReader reader(rig, "stream-and-fail");
  EXPECT_EQ(reader.next(), "half");
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(reader.answer().outcome().function_error, "Unhandled");
  EXPECT_EQ(reader.answer().outcome().error_code, "Torn");
  EXPECT_EQ(reader.answer().outcome().error_details, R"({"errorType":"Torn","errorMessage":"in two"})");
}

TEST(Streaming, WhoWantsAWholeAnswerGetsIt) {
  RunnerRig rig;
  const Told told = rig.invoke("stream", "abc");
  EXPECT_EQ(told.payload, "abc");
  EXPECT_EQ(told.content_type, "application/json");
  const Told failed = rig.invoke("stream-and-fail");
  EXPECT_EQ(failed.payload, R"({"errorType":"Torn","errorMessage":"in two"})");
  EXPECT_EQ(failed.outcome.function_error, "Unhandled");
}

TEST(Streaming, AWholeAnswerIsOnePart) {
  RunnerRig rig;
  StreamReader reader(rig, "echo", "[1]");
  EXPECT_EQ(reader.next(), "[1]");
  EXPECT_EQ(reader.next(), std::nullopt);
}

TEST(Streaming, AFunctionIsHeldBackWhileNobodyReads) {
  RunnerRig rig;
  SentGate sent(rig);
  sent.gate.open();
  StreamReader reader(rig, "stream-much");
  size_t bytes = reader.next()->size();
  // It writes 1 MiB at a time: what the sockets between hold, and not its 32.
  const int before = sent.arrived;
  while (auto part = reader.next()) bytes += part->size();
  EXPECT_LT(before, 16);
  EXPECT_EQ(bytes, 32u << 20);
}

TEST(Streaming, AReaderWhoLeavesLetsTheFunctionGoOn) {
  RunnerRig rig;
  SentGate sent(rig);
  sent.gate.open();
  StreamReader reader(rig, "stream-much");
  reader.next();
  reader.close();
  EXPECT_TRUE(rig.wait_until([&] { return sent.arrived == 32; }));
  EXPECT_TRUE(rig.wait_for_line("REPORT RequestId"));
}

TEST(Streaming, AnAnswerThatIsLetGoIsClosed) {
  RunnerRig rig;
  SentGate sent(rig);
  sent.gate.open();
  {
    StreamReader reader(rig, "stream-much");
  }
  EXPECT_TRUE(rig.wait_until([&] { return sent.arrived == 32; }));
}

TEST(Streaming, ATimeOutInItsMidstEndsIt) {
  RunnerRig rig;
  SentGate gate(rig);
  FunctionVersion function = RunnerRig::function("stream-when-asked");
  function.timeout = Milliseconds(300);
  const Told told = rig.invoke(function, rig.invocation("null", true));
  EXPECT_EQ(told.payload, "first");
  EXPECT_EQ(told.outcome.error_code, "Sandbox.Timedout");
}

}  // namespace
}  // namespace outcrop::runner
