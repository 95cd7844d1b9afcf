// What Invoke and its kin do with a request and make of an answer.
#include "base/encoding.h"
#include "gen/lambda/invoke.h"
#include "gen/lambda/invoke_async.h"
#include "gen/lambda/invoke_with_response_stream.h"
#include "services/lambda/lambda.h"
#include "services/lambda/testing/function_world.h"

namespace outcrop::lambda {
namespace {

using testing::ElementsAre;

class InvokeOperations : public FunctionWorld {
 public:
  InvokeOperations() { world.run(lambda_.resume()).value(); }
  ~InvokeOperations() override {
    world.run(lambda_.stop());
    world.run(shards_->close());
    settle();
  }

  Result<InvokeOutput> invoke(InvokeInput input) { return world.run(lambda::invoke(lambda_, call, std::move(input))); }
  Result<InvokeWithResponseStreamOutput> invoke_streamed(InvokeWithResponseStreamInput input) {
    return world.run(invoke_with_response_stream(lambda_, call, std::move(input)));
  }
  Result<InvokeAsyncOutput> invoke_async(std::string arguments) {
    InvokeAsyncInput input;
    input.function_name = "orders";
    input.invoke_args = std::move(arguments);
    return world.run(lambda::invoke_async(lambda_, call, std::move(input)));
  }
  // "part", and at the end "! code details log".
  std::vector<std::string> events_of(InvokeWithResponseStreamOutput& output) {
    std::vector<std::string> events;
    while (auto event = world.run(output.event_stream.next()).value()) {
      if (event->payload_chunk) events.push_back(*event->payload_chunk->payload);
      if (!event->invoke_complete) continue;
      const auto& [code, details, log] = *event->invoke_complete;
      events.push_back("! " + code.value_or("-") + " " + details.value_or("-") + " " + log.value_or("-"));
    }
    return events;
  }
  void stream(std::vector<std::string> parts, runner::Outcome outcome = {}) {
    runner.script([=](const auto&, const auto&) -> ScriptedRunner::Made { return std::make_unique<ScriptedAnswer>(parts, outcome); });
  }
  void settle() { world.executor.run_until_idle(); }

  Call call{.world = world.world, .region = "us-east-1", .service = "lambda", .request_id = "id-1", .trace_header = "Root=1-2-3"};

 private:
  std::unique_ptr<Shards> shards_ = world.run(Shards::open(world.world, 1)).value();
  DurableTimers timers_{*shards_};
  FaultInjection faults_{world.random};
  Admission admission_{faults_, {}};
  Metrics metrics_{1};
  Directory directory_{admission_, metrics_};
  QuotaBook quotas_;
  runner::Runtimes runtimes_{{}};
  Lambda lambda_{{world.world, *shards_, timers_, directory_, quotas_, metrics, runner, runtimes_,
                  FunctionsOptions{.code_directory = "/nonexistent", .in_place = {.allows_any = true}}}};
};

TEST_F(InvokeOperations, InvokeGivesTheAnswerAndWhichVersionGaveIt) {
  runner.answer(R"({"ok":true})");
  const InvokeOutput output = invoke({.function_name = "orders", .payload = R"({"order":1})"}).value();
  EXPECT_EQ(output, (InvokeOutput{.status_code = 200, .payload = R"({"ok":true})", .executed_version = "$LATEST"}));
  EXPECT_EQ(runner.invocations[0].payload, R"({"order":1})");
  EXPECT_EQ(runner.invocations[0].request_id, "id-1");
  EXPECT_EQ(runner.invocations[0].trace_header, "Root=1-2-3");
}

TEST_F(InvokeOperations, NoPayloadIsAnEmptyObject) {
  invoke({.function_name = "orders"}).value();
  invoke({.function_name = "orders", .payload = ""}).value();
  EXPECT_EQ(runner.invocations[0].payload, "{}");
  EXPECT_EQ(runner.invocations[1].payload, "{}");
}

TEST_F(InvokeOperations, AFunctionsErrorIsAnAnswer) {
  runner.answer(R"({"errorMessage":"no"})", "Unhandled");
  const InvokeOutput output = invoke({.function_name = "orders"}).value();
  EXPECT_EQ(output.status_code, 200);
  EXPECT_EQ(output.function_error, "Unhandled");
  EXPECT_EQ(output.payload, R"({"errorMessage":"no"})");
}

TEST_F(InvokeOperations, TheTailOfTheLogComesWhenItIsAskedFor) {
  stream({"null"}, {.log_tail = "START\nEND\n"});
  EXPECT_EQ(invoke({.function_name = "orders"}).value().log_result, std::nullopt);
  EXPECT_EQ(invoke({.function_name = "orders", .log_type = "Tail"}).value().log_result, base64("START\nEND\n"));
  EXPECT_TRUE(runner.invocations[1].wants_log_tail);
}

TEST_F(InvokeOperations, TheClientsContextIsJsonInBase64) {
  invoke({.function_name = "orders", .client_context = base64(R"({"custom":{"a":"b"}})")}).value();
  EXPECT_EQ(runner.invocations[0].client_context, R"({"custom":{"a":"b"}})");
  for (const std::string& wrong : {std::string("{}"), base64("text"), base64("{\"long\":\"" + std::string(3'000, 'x') + "\"}")}) {
    const Result<InvokeOutput> refused = invoke({.function_name = "orders", .client_context = wrong});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "InvalidRequestContentException");
  }
}

TEST_F(InvokeOperations, APayloadThatIsNoJsonIsRefused) {
  const Result<InvokeOutput> refused = invoke({.function_name = "orders", .payload = "hello"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "InvalidRequestContentException");
  EXPECT_TRUE(refused.error().message.starts_with(
      "Could not parse request body into json: Could not parse payload into json: Unrecognized token 'hello'"));
  EXPECT_TRUE(runner.invocations.empty());
}

TEST_F(InvokeOperations, APayloadOfMoreThanSixMegabytesIsRefused) {
  const Result<InvokeOutput> refused = invoke({.function_name = "orders", .payload = "\"" + std::string(6'291'455, 'x') + "\""});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 413);
  EXPECT_EQ(refused.error().message, "Request must be smaller than 6291456 bytes for the InvokeFunction operation");
}

TEST_F(InvokeOperations, ADryRunRunsNothing) {
  EXPECT_EQ(invoke({.function_name = "orders", .invocation_type = "DryRun"}).value(), InvokeOutput{.status_code = 204});
  EXPECT_EQ(invoke({.function_name = "nobody", .invocation_type = "DryRun"}).error().status, 404);
  EXPECT_TRUE(runner.invocations.empty());
}

TEST_F(InvokeOperations, AnEventIsTakenAndRunLater) {
  EXPECT_EQ(invoke({.function_name = "orders", .invocation_type = "Event", .payload = "[1]"}).value(), InvokeOutput{.status_code = 202});
  settle();
  ASSERT_EQ(runner.invocations.size(), 1u);
  EXPECT_EQ(runner.invocations[0].payload, "[1]");
  EXPECT_EQ(runner.invocations[0].request_id, "id-1");
  EXPECT_EQ(runner.invocations[0].trace_header, "Root=1-2-3");
}

TEST_F(InvokeOperations, InvokeAsyncTakesAnEventOfAQuarterMegabyte) {
  EXPECT_EQ(invoke_async("{}").value().status, 202);
  settle();
  EXPECT_EQ(runner.invocations.size(), 1u);
  EXPECT_EQ(invoke_async("\"" + std::string(262'144, 'x') + "\"").error().status, 413);
}

TEST_F(InvokeOperations, WhatIsNotBuiltIsRefusedByName) {
  EXPECT_EQ(invoke({.function_name = "orders", .tenant_id = "blue"}).error().code, "InvalidParameterValueException");
  EXPECT_EQ(invoke({.function_name = "orders", .durable_execution_name = "run-1"}).error().code, "InvalidParameterValueException");
}

TEST_F(InvokeOperations, AStreamGivesThePartsAsTheyCameAndThenItsCompletion) {
  stream({"to", "ken"}, {.log_tail = "END"});
  auto output = invoke_streamed({.function_name = "orders", .log_type = "Tail"}).value();
  EXPECT_EQ(output.status_code, 200);
  EXPECT_EQ(output.executed_version, "$LATEST");
  EXPECT_TRUE(runner.invocations[0].is_streamed);
  EXPECT_THAT(events_of(output), ElementsAre("to", "ken", "! - - " + base64("END")));
}

TEST_F(InvokeOperations, AStreamThatFailsMidwaySaysWhy) {
  stream({"to"}, {.function_error = "Unhandled", .error_code = "Error", .error_details = "broken"});
  auto output = invoke_streamed({.function_name = "orders"}).value();
  EXPECT_THAT(events_of(output), ElementsAre("to", "! Error broken -"));
  EXPECT_EQ(metrics.sums["Errors orders"], 1);
}

TEST_F(InvokeOperations, AStreamThatNobodyReadsIsClosed) {
  bool is_closed = false;
  runner.script([&](const auto&, const auto&) -> ScriptedRunner::Made {
    auto answer = std::make_unique<ScriptedAnswer>(std::vector<std::string>{"to", "ken"});
    answer->on_close = [&] { is_closed = true; };
    return answer;
  });
  auto output = invoke_streamed({.function_name = "orders"}).value();
  world.run(output.event_stream.close());
  EXPECT_TRUE(is_closed);
}

TEST_F(InvokeOperations, ADryRunOfAStreamHasNoEvents) {
  auto output = invoke_streamed({.function_name = "orders", .invocation_type = "DryRun"}).value();
  EXPECT_EQ(output.status_code, 204);
  EXPECT_TRUE(events_of(output).empty());
}

}  // namespace
}  // namespace outcrop::lambda
