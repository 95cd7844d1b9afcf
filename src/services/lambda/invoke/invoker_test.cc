#include "services/lambda/invoke/invoker.h"

#include "gen/lambda/errors.h"
#include "services/lambda/testing/function_world.h"
#include "wire/error.h"

namespace outcrop::lambda {
namespace {

using Invoking = FunctionWorld;

TEST_F(Invoking, GivesTheFunctionWhatItWasInvokedAs) {
  InvokedWhole answer = world.run(invoker.invoke_whole(named("orders"), {.request_id = "id-1", .payload = "{}"})).value();
  EXPECT_EQ(answer.executed_version, "$LATEST");
  EXPECT_EQ(answer.payload, "null");
  ASSERT_EQ(runner.invocations.size(), 1u);
  EXPECT_EQ(runner.invocations[0].request_id, "id-1");
  EXPECT_EQ(runner.invocations[0].invoked_arn, "arn:aws:lambda:us-east-1:000000000000:function:orders");
}

TEST_F(Invoking, PutsThePartsOfAnAnswerTogether) {
  runner.script([](const auto&, const auto&) -> ScriptedRunner::Made {
    return std::make_unique<ScriptedAnswer>(std::vector<std::string>{"{\"a\":", "1", "}"});
  });
  EXPECT_EQ(world.run(invoker.invoke_whole(named("orders"), {.payload = "{}"})).value().payload, "{\"a\":1}");
}

TEST_F(Invoking, AFunctionThatIsNotThereIsNotFound) {
  Result<InvokedWhole> answer = world.run(invoker.invoke_whole(named("nobody"), {.payload = "{}"}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ResourceNotFoundException");
  EXPECT_EQ(answer.error().status, 404);
  EXPECT_EQ(metrics.sums.count("Invocations"), 0u);
}

TEST_F(Invoking, ARefusalSaysItsReasonAndCountsAsAThrottle) {
  runner.refuse(runner::reserved_concurrency_exceeded);
  Result<InvokedWhole> answer = world.run(invoker.invoke_whole(named("orders"), {.payload = "{}"}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "TooManyRequestsException");
  EXPECT_EQ(answer.error().status, 429);
  EXPECT_EQ(answer.error().message, "Rate Exceeded.");
  const auto* error = wire::error_in<TooManyRequestsException>(answer.error());
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->reason, "ReservedFunctionConcurrentInvocationLimitExceeded");
  EXPECT_EQ(metrics.sums["Throttles orders"], 1);
  EXPECT_EQ(metrics.sums.count("Invocations"), 0u);
}

TEST_F(Invoking, CountsInvocationsAndErrors) {
  world.run(invoker.invoke_whole(named("orders"), {.payload = "{}"})).value();
  runner.answer(R"({"errorMessage":"no"})", "Unhandled");
  world.run(invoker.invoke_whole(named("orders"), {.payload = "{}"})).value();
  for (const char* of : {"", " orders", " orders orders"}) {
    EXPECT_EQ(metrics.sums["Invocations" + std::string(of)], 2);
    EXPECT_EQ(metrics.sums["Errors" + std::string(of)], 1);
    EXPECT_EQ(metrics.samples["Errors" + std::string(of)], 2);
    EXPECT_EQ(metrics.samples["Duration" + std::string(of)], 2);
  }
}

TEST_F(Invoking, TellsAnAliasByTheVersionThatRan) {
  AliasRecord alias;
  alias.version = "$LATEST";
  store::WriteBatch batch;
  batch.put(FunctionKeys(named("orders").place).alias("orders", "live"), wire::encode_record(alias));
  world.run(world.store.write(std::move(batch))).value();
  world.run(invoker.invoke_whole(named("orders", "live"), {.payload = "{}"})).value();
  EXPECT_EQ(metrics.sums["Invocations orders orders:live"], 1);
  EXPECT_EQ(metrics.sums["Invocations orders orders:live $LATEST"], 1);
  EXPECT_EQ(runner.invocations[0].invoked_arn, "arn:aws:lambda:us-east-1:000000000000:function:orders:live");
}

TEST_F(Invoking, CountsWhatRunsAtATime) {
  put("payments", [](FunctionRecord& function, VersionRecord&) { function.reserved_concurrency = 5; });
  auto first = world.run(invoker.invoke(named("orders"), {.payload = "{}"})).value();
  auto second = world.run(invoker.invoke(named("payments"), {.payload = "{}"})).value();
  EXPECT_EQ(metrics.sums["ConcurrentExecutions"], 1 + 2);
  EXPECT_EQ(metrics.sums["ConcurrentExecutions payments"], 1);
  EXPECT_EQ(metrics.sums["UnreservedConcurrentExecutions"], 1 + 1);
  EXPECT_EQ(runner.invocations[1].reserved_concurrency, 5u);
  world.run(first.answer->close());
  world.run(second.answer->close());
  auto third = world.run(invoker.invoke(named("orders"), {.payload = "{}"})).value();
  EXPECT_EQ(metrics.sums["ConcurrentExecutions"], 1 + 2 + 1);
  world.run(third.answer->close());
}

}  // namespace
}  // namespace outcrop::lambda
