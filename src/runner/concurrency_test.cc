// How many invocations run at the same time, how environments are made for them, kept ready and let go.
#include "runner/concurrency.h"

#include <fstream>
#include "runner/process_runner.h"

#include "runner/testing/runner_rig.h"

namespace outcrop::runner {
namespace {

// Where functions stand until the test lets them go on.
struct AskGate {
  explicit AskGate(RunnerRig& rig)
      : server([this](net::Exchange& exchange) -> Task<void> {
          ++arrived;
          co_await gate.pass(exchange.stop_token());
          (void)co_await exchange.respond({200}, "\"asked\"");
        }) {
    rig.surroundings.test_endpoint = server.endpoint.text();
  }
  bool wait_for(RunnerRig& rig, int count) {
    return rig.wait_until([&] { return arrived >= count; });
  }
  net::Gate gate;
  std::atomic<int> arrived = 0;
  net::TestServer server;
};

Invocation reserved(RunnerRig& rig, uint32_t concurrency) {
  Invocation invocation = rig.invocation("null");
  invocation.reserved_concurrency = concurrency;
  return invocation;
}

TEST(Concurrency, EachInvocationHasAnEnvironmentToItself) {
  RunnerRig rig;
  AskGate gate(rig);
  std::vector<std::future<Told>> running;
  for (int i = 0; i < 6; ++i) running.push_back(rig.begin_invoke(RunnerRig::function("ask"), rig.invocation("null")));
  EXPECT_TRUE(gate.wait_for(rig, 6));
  EXPECT_EQ(rig.runner().environments(), 6u);
  gate.gate.open();
  for (auto& one : running) EXPECT_EQ(net::TestHttpClient::wait(std::move(one)).payload, "\"asked\"");
}

TEST(Concurrency, BeyondWhatAFunctionReservesIsRefused) {
  RunnerRig rig;
  AskGate gate(rig);
  auto one = rig.begin_invoke(RunnerRig::function("ask"), reserved(rig, 2));
  auto other = rig.begin_invoke(RunnerRig::function("ask"), reserved(rig, 2));
  EXPECT_TRUE(gate.wait_for(rig, 2));
  EXPECT_EQ(rig.invoke(RunnerRig::function("ask"), reserved(rig, 2)).fault, reserved_concurrency_exceeded);
  gate.gate.open();
  EXPECT_EQ(net::TestHttpClient::wait(std::move(one)).payload, "\"asked\"");
  EXPECT_EQ(net::TestHttpClient::wait(std::move(other)).payload, "\"asked\"");
  EXPECT_EQ(rig.invoke(RunnerRig::function("ask"), reserved(rig, 2)).fault, "");
}

TEST(Concurrency, AFunctionThatReservesNothingForItselfNeverRuns) {
  RunnerRig rig;
  EXPECT_EQ(rig.invoke(RunnerRig::function("echo"), reserved(rig, 0)).fault, reserved_concurrency_exceeded);
}

TEST(Concurrency, OneAfterTheOtherNeedsNoMoreThanOne) {
  RunnerRig rig;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(rig.invoke(RunnerRig::function("echo"), reserved(rig, 1)).fault, "") << i;
}

TEST(Concurrency, RequestsASecondAreTenTimesWhatIsReserved) {
  RunnerRig rig;
  std::string fault;
  for (int i = 0; i < 200 && fault.empty(); ++i) fault = rig.invoke(RunnerRig::function("echo"), reserved(rig, 1)).fault;
  EXPECT_EQ(fault, reserved_rate_exceeded);
}

TEST(Concurrency, FunctionsOfAnAccountShareWhatIsNotReserved) {
  RunnerRig rig;
  AskGate gate(rig);
  rig.surroundings.unreserved = 1;
  auto running = rig.begin_invoke(RunnerRig::function("ask"), rig.invocation("null"));
  EXPECT_TRUE(gate.wait_for(rig, 1));
  EXPECT_EQ(rig.invoke("echo").fault, account_concurrency_exceeded);
  EXPECT_EQ(rig.invoke(RunnerRig::function("echo"), reserved(rig, 1)).fault, "") << "reserved is not of what is shared";
  FunctionVersion of_another = RunnerRig::function("echo");
  of_another.account = "111122223333";
  EXPECT_EQ(rig.invoke(of_another, rig.invocation("null")).fault, "");
  gate.gate.open();
  net::TestHttpClient::wait(std::move(running));
  EXPECT_EQ(rig.invoke("echo").fault, "");
}

// Each invokes itself through the test's server, which holds back nobody.
TEST(Concurrency, RecursionAtFullConcurrencyEnds) {
  for (const size_t loops : {1u, 2u}) {
    RunnerRig rig(loops);
    rig.surroundings.unreserved = 8;
    net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
      const int depth = std::stoi((co_await exchange.read_body(100)).value_or("0"));
      if (depth == 0) {
        (void)co_await exchange.respond({200}, "0");
        co_return;
      }
      Told told;
      {
        Executor& here = *Executor::current();
        co_await rig.loops().at(0).enter();
        told = co_await rig.invoke_now(RunnerRig::function("ask"), rig.invocation(std::to_string(depth - 1)));
        co_await here.enter();
      }
      (void)co_await exchange.respond({200}, told.fault.empty() ? told.payload + "+" : told.fault);
    });
    rig.surroundings.test_endpoint = server.endpoint.text();
    EXPECT_EQ(rig.invoke("ask", "6").payload, "0++++++");
    EXPECT_EQ(rig.invoke("ask", "9").payload.substr(0, account_concurrency_exceeded.size()), account_concurrency_exceeded);
  }
}

TEST(Environments, ThoseThatAreNotUsedEnd) {
  RunnerRig rig(2, {.idle_timeout = Milliseconds(50)});
  const std::string first = rig.invoke("process").payload;
  EXPECT_TRUE(rig.wait_until([&] { return rig.runner().environments() == 0; }));
  EXPECT_NE(rig.invoke("process").payload, first);
}

TEST(Environments, AFullMachineLetsGoOfWhatIsNotUsed) {
  for (const size_t loops : {1u, 2u}) {
    RunnerRig rig(loops, {.environments_max = 2});
    for (const char* handler : {"echo", "process", "fields", "variables", "say"}) EXPECT_EQ(rig.invoke(handler).fault, "");
    EXPECT_LE(rig.runner().environments(), 2u);
  }
}

TEST(Environments, AMachineThatIsInUseRefuses) {
  RunnerRig rig(2, {.environments_max = 1});
  AskGate gate(rig);
  auto running = rig.begin_invoke(RunnerRig::function("ask"), rig.invocation("null"));
  EXPECT_TRUE(gate.wait_for(rig, 1));
  EXPECT_EQ(rig.invoke("echo").fault, account_concurrency_exceeded);
  gate.gate.open();
  net::TestHttpClient::wait(std::move(running));
}

TEST(Environments, AnotherRevisionTakesTheirPlace) {
  RunnerRig rig;
  FunctionVersion function = RunnerRig::function("process");
  const std::string first = rig.invoke(function, rig.invocation("null")).payload;
  function.revision = "2";
  const std::string second = rig.invoke(function, rig.invocation("null")).payload;
  EXPECT_NE(second, first);
  EXPECT_TRUE(rig.wait_until([&] { return rig.runner().environments() == 1; }));
  function.revision = "1";
  EXPECT_EQ(rig.invoke(function, rig.invocation("null")).payload, second) << "who comes late runs the newer one";
}

TEST(Environments, WhatRunsWhileItsRevisionGoesMayEnd) {
  RunnerRig rig;
  AskGate gate(rig);
  FunctionVersion function = RunnerRig::function("ask");
  auto running = rig.begin_invoke(function, rig.invocation("null"));
  EXPECT_TRUE(gate.wait_for(rig, 1));
  function.revision = "2";
  auto newer = rig.begin_invoke(function, rig.invocation("null"));
  EXPECT_TRUE(gate.wait_for(rig, 2));
  gate.gate.open();
  EXPECT_EQ(net::TestHttpClient::wait(std::move(running)).payload, "\"asked\"");
  EXPECT_EQ(net::TestHttpClient::wait(std::move(newer)).payload, "\"asked\"");
  EXPECT_TRUE(rig.wait_until([&] { return rig.runner().environments() == 1; }));
}

TEST(Environments, CodeInPlaceIsRunAsItIsNow) {
  RunnerRig rig;
  const std::string folder = testing::TempDir() + fmt::format("code-{}", getpid());
  std::filesystem::create_directories(folder + "/lib");
  std::ofstream(folder + "/lib/index.js") << "1";
  FunctionVersion function = RunnerRig::function("process");
  function.code_directory = folder;
  function.code_is_in_place = true;
  const std::string first = rig.invoke(function, rig.invocation("null")).payload;
  EXPECT_EQ(rig.invoke(function, rig.invocation("null")).payload, first);
  std::ofstream(folder + "/lib/index.js") << "12";
  EXPECT_TRUE(rig.wait_until([&] { return rig.invoke(function, rig.invocation("null")).payload != first; }));
  std::filesystem::remove_all(folder);
}

TEST(Environments, AFunctionThatIsForgottenEnds) {
  RunnerRig rig;
  AskGate gate(rig);
  FunctionVersion function = RunnerRig::function("ask");
  auto running = rig.begin_invoke(function, rig.invocation("null"));
  EXPECT_TRUE(gate.wait_for(rig, 1));
  rig.run([&]() -> Task<bool> {
    co_await rig.runner().forget(function.arn());
    co_return true;
  });
  EXPECT_EQ(rig.runner().environments(), 0u);
  EXPECT_EQ(net::TestHttpClient::wait(std::move(running)).outcome.function_error, "Unhandled");
}

TEST(Environments, AResetEndsThoseOfTheAccount) {
  RunnerRig rig;
  FunctionVersion of_another = RunnerRig::function("echo");
  of_another.account = "111122223333";
  rig.invoke("echo");
  rig.invoke(of_another, rig.invocation("null"));
  rig.run([&]() -> Task<bool> {
    co_await rig.runner().forget_account("111122223333");
    co_return true;
  });
  EXPECT_EQ(rig.runner().environments(), 1u);
}

TEST(Environments, AStopIsNotWaitedForByWhoRunsForEver) {
  RunnerRig rig;
  AskGate gate(rig);
  auto running = rig.begin_invoke(RunnerRig::function("ask"), rig.invocation("null"));
  EXPECT_TRUE(gate.wait_for(rig, 1));
  rig.stop();
  EXPECT_EQ(net::TestHttpClient::wait(std::move(running)).outcome.function_error, "Unhandled");
  EXPECT_EQ(rig.runner().environments(), 0u);
}

// Provisioned.

ProvisionedState state_of(RunnerRig& rig, const FunctionVersion& function) {
  return rig.run([&]() -> Task<ProvisionedState> {
    co_return co_await rig.runner().provisioned_state(std::make_shared<const FunctionVersion>(function));
  });
}

void provision(RunnerRig& rig, const FunctionVersion& function, uint32_t count) {
  rig.run([&]() -> Task<bool> {
    co_await rig.runner().provision(std::make_shared<const FunctionVersion>(function), count);
    co_return true;
  });
}

TEST(Provisioned, EnvironmentsAreReadyBeforeTheyAreAskedFor) {
  RunnerRig rig;
  const FunctionVersion function = RunnerRig::function("variables");
  provision(rig, function, 3);
  EXPECT_EQ(state_of(rig, function).requested, 3u);
  ASSERT_TRUE(rig.wait_until([&] { return state_of(rig, function).status == ProvisionedState::Status::ready; }));
  EXPECT_EQ(state_of(rig, function).available, 3u);
  EXPECT_EQ(rig.runner().environments(), 3u);
  EXPECT_THAT(rig.invoke(function, rig.invocation("null")).payload,
              ::testing::HasSubstr("AWS_LAMBDA_INITIALIZATION_TYPE=provisioned-concurrency"));
  EXPECT_EQ(rig.runner().environments(), 3u);
}

TEST(Provisioned, TheyStayWhenTheyAreNotUsed) {
  RunnerRig rig(2, {.idle_timeout = Milliseconds(20)});
  const FunctionVersion function = RunnerRig::function("process");
  provision(rig, function, 1);
  ASSERT_TRUE(rig.wait_until([&] { return state_of(rig, function).available == 1; }));
  const std::string first = rig.invoke(function, rig.invocation("null")).payload;
  rig.invoke("echo");
  ASSERT_TRUE(rig.wait_until([&] { return rig.runner().environments() == 1; })) << "the other one went";
  EXPECT_EQ(rig.invoke(function, rig.invocation("null")).payload, first);
}

TEST(Provisioned, OneThatDiesIsReplaced) {
  RunnerRig rig;
  const FunctionVersion function = RunnerRig::function("exit");
  provision(rig, function, 1);
  ASSERT_TRUE(rig.wait_until([&] { return state_of(rig, function).available == 1; }));
  EXPECT_EQ(rig.invoke("exit", "1").outcome.function_error, "Unhandled");
  EXPECT_TRUE(rig.wait_until([&] { return state_of(rig, function).available == 1; }));
}

TEST(Provisioned, WhatCannotBeInitialisedHasFailed) {
  RunnerRig rig;
  const FunctionVersion function = RunnerRig::function("exit-at-init");
  provision(rig, function, 1);
  ASSERT_TRUE(rig.wait_until([&] { return state_of(rig, function).status == ProvisionedState::Status::failed; }));
  EXPECT_EQ(state_of(rig, function).reason, "FUNCTION_ERROR_INIT_FAILURE");
}

TEST(Provisioned, AnotherRevisionHasItsOwn) {
  RunnerRig rig;
  FunctionVersion function = RunnerRig::function("process");
  provision(rig, function, 1);
  ASSERT_TRUE(rig.wait_until([&] { return state_of(rig, function).available == 1; }));
  function.revision = "2";
  rig.invoke(function, rig.invocation("null"));
  EXPECT_TRUE(rig.wait_until([&] { return state_of(rig, function).available == 1; }));
  provision(rig, function, 0);
  EXPECT_EQ(state_of(rig, function).requested, 0u);
}

}  // namespace
}  // namespace outcrop::runner
