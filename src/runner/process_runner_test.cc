// Functions in processes of this machine: how they are run, what they are given, how they are answered for.
#include "runner/process_runner.h"

#include <csignal>

#include "runner/testing/runner_rig.h"

namespace outcrop::runner {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

TEST(ProcessRunner, AnEventIsAnswered) {
  RunnerRig rig;
  const Told told = rig.invoke("echo", R"({"a":1})");
  EXPECT_EQ(told.payload, R"({"a":1})");
  EXPECT_EQ(told.content_type, "application/json");
  EXPECT_EQ(told.outcome.function_error, "");
}

TEST(ProcessRunner, AnEnvironmentIsUsedAgain) {
  RunnerRig rig;
  const std::string first = rig.invoke("process").payload;
  for (int i = 0; i < 50; ++i) EXPECT_EQ(rig.invoke("process").payload, first);
  EXPECT_EQ(rig.runner().environments(), 1u);
}

TEST(ProcessRunner, ARuntimeIsToldOfItsInvocation) {
  RunnerRig rig;
  Invocation invocation = rig.invocation("null");
  invocation.client_context = R"({"custom":
{"a":"b"}})";
  const std::string fields = rig.invoke(RunnerRig::function("fields"), invocation).payload;
  EXPECT_THAT(fields, HasSubstr("Lambda-Runtime-Aws-Request-Id: " + invocation.request_id + "\r\n"));
  EXPECT_THAT(fields, HasSubstr("Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-central-1:000000000000:function:f\r\n"));
  EXPECT_THAT(fields, HasSubstr("Lambda-Runtime-Client-Context: {\"custom\": {\"a\":\"b\"}}\r\n"));
  EXPECT_THAT(fields, HasSubstr("Lambda-Runtime-Trace-Id: Root=1-"));
  const int64_t deadline = std::stoll(fields.substr(fields.find("Deadline-Ms: ") + 13));
  const int64_t now = ms_since_epoch(net::test_clock.real_wall());
  EXPECT_GT(deadline, now);
  EXPECT_LE(deadline, now + RunnerRig::function("fields").timeout.count());
}

TEST(ProcessRunner, ACallersTraceGoesOn) {
  RunnerRig rig;
  Invocation invocation = rig.invocation("null");
  invocation.trace_header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  EXPECT_THAT(rig.invoke(RunnerRig::function("fields"), invocation).payload, HasSubstr("Trace-Id: " + invocation.trace_header + "\r\n"));
}

TEST(ProcessRunner, AFunctionFindsTheVariablesThatAwsDefines) {
  ::setenv("OUTCROP_OWN", "secret", 1);
  RunnerRig rig;
  FunctionVersion function = RunnerRig::function("variables");
  function.environment = {{"MINE", "yes"}, {"TZ", "Europe/Berlin"}, {"AWS_LAMBDA_FUNCTION_NAME", "stolen"}};
  const std::string variables = "\n" + rig.invoke(function, rig.invocation("null")).payload;
  for (const char* expected :
       {"AWS_LAMBDA_FUNCTION_NAME=f-variables", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
        "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand", "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/f-variables", "_HANDLER=variables",
        "AWS_REGION=eu-central-1", "AWS_DEFAULT_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=000000000000", "AWS_SECRET_ACCESS_KEY=secret",
        "AWS_SESSION_TOKEN=session", "AWS_ENDPOINT_URL=http://127.0.0.1:4566", "NODE_EXTRA_CA_CERTS=/ca.pem", "AWS_CA_BUNDLE=/ca.pem",
        "SSL_CERT_FILE=/ca.pem", "MINE=yes", "TZ=Europe/Berlin", "HOME=/tmp"}) {
    EXPECT_THAT(variables, HasSubstr(fmt::format("\n{}\n", expected)));
  }
  EXPECT_THAT(variables, HasSubstr("\nAWS_LAMBDA_LOG_STREAM_NAME=20"));
  EXPECT_THAT(variables, HasSubstr("\nAWS_LAMBDA_RUNTIME_API=127.0.0.1:"));
  EXPECT_THAT(variables, Not(HasSubstr("\nOUTCROP_"))) << "nothing of the server's own";
}

TEST(ProcessRunner, AHandlersErrorIsToldAsItIs) {
  RunnerRig rig;
  const Told told = rig.invoke("fail");
  EXPECT_EQ(told.outcome.function_error, "Unhandled");
  EXPECT_EQ(told.payload, R"({"errorType":"Sorry","errorMessage":"no"})");
  EXPECT_EQ(rig.invoke("fail").outcome.error_code, "Sorry") << "its environment goes on";
  EXPECT_EQ(rig.runner().environments(), 1u);
}

TEST(ProcessRunner, WhatTakesTooLongIsEndedAndReplaced) {
  RunnerRig rig;
  FunctionVersion function = RunnerRig::function("hang");
  function.timeout = Milliseconds(150);
  const Invocation invocation = rig.invocation("null");
  const Told told = rig.invoke(function, invocation);
  EXPECT_EQ(told.outcome.function_error, "Unhandled");
  EXPECT_EQ(told.payload,
            fmt::format(R"({{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: {} Error: Task timed out after 0.15 seconds"}})",
                        invocation.request_id));
  EXPECT_TRUE(rig.wait_for_line(invocation.request_id + " Task timed out after 0.15 seconds"));
  EXPECT_TRUE(rig.wait_for_line("\tStatus: timeout"));
  EXPECT_TRUE(rig.wait_until([&] { return rig.runner().environments() == 0; }));
}

struct Ending {
  std::string handler, payload, type, text;
};

TEST(ProcessRunner, WhoDiesInItsHandlerIsAnsweredForAndReplaced) {
  RunnerRig rig;
  for (const Ending& ending :
       {Ending{"exit", "1", "Runtime.ExitError", "Runtime exited with error: exit status 1"},
        Ending{"exit", "0", "Runtime.ExitError", "Runtime exited without providing a reason"},
        Ending{"signal", std::to_string(SIGTERM), "Runtime.ExitError", "Runtime exited with error: signal: terminated"},
        Ending{"signal", std::to_string(SIGKILL), "Runtime.OutOfMemory", "Runtime exited with error: signal: killed"}}) {
    const Invocation invocation = rig.invocation(ending.payload);
    const Told told = rig.invoke(RunnerRig::function(ending.handler), invocation);
    EXPECT_EQ(told.outcome.function_error, "Unhandled");
    EXPECT_EQ(told.payload, fmt::format(R"({{"errorType":"{}","errorMessage":"RequestId: {} Error: {}"}})", ending.type,
                                        invocation.request_id, ending.text));
    EXPECT_TRUE(rig.wait_for_line("\tStatus: error\tError Type: " + ending.type));
  }
}

TEST(ProcessRunner, WhatItHandedInBeforeItsEndCounts) {
  RunnerRig rig;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(rig.invoke("answer-and-exit", "\"last words\"").payload, "\"last words\"");
}

TEST(ProcessRunner, ABreakInTheInitPhaseIsTriedAgainAndTold) {
  RunnerRig rig;
  const Invocation invocation = rig.invocation("null");
  EXPECT_EQ(
      rig.invoke(RunnerRig::function("exit-at-init"), invocation).payload,
      fmt::format(R"({{"errorType":"Runtime.ExitError","errorMessage":"RequestId: {} Error: Runtime exited with error: exit status 3"}})",
                  invocation.request_id));
  EXPECT_TRUE(rig.wait_until([&] {
    const auto lines = rig.logs.lines();
    return std::ranges::count_if(lines, [](const std::string& line) { return line.starts_with("INIT_REPORT"); }) == 2;
  }));
}

TEST(ProcessRunner, AnErrorOfTheInitPhaseIsToldAsTheRuntimeSaidIt) {
  RunnerRig rig;
  const Told told = rig.invoke("fail-at-init");
  EXPECT_EQ(told.payload, R"({"errorType":"Runtime.ImportModuleError","errorMessage":"no such module"})");
  EXPECT_EQ(told.outcome.error_code, "Runtime.ImportModuleError");
}

TEST(ProcessRunner, ARuntimeThatNeverAsksForAnEventIsGivenUp) {
  RunnerRig rig(2, {.pace = {.init_timeout = Milliseconds(100)}});
  FunctionVersion function = RunnerRig::function("never-poll");
  function.timeout = Milliseconds(100);
  EXPECT_THAT(rig.invoke(function, rig.invocation("null")).payload, HasSubstr("Task timed out after 0.10 seconds"));
}

TEST(ProcessRunner, AProgramThatIsNotThereIsAnError) {
  RunnerRig rig;
  FunctionVersion function = RunnerRig::function("echo");
  function.runtime = "missing";
  EXPECT_THAT(rig.invoke(function, rig.invocation("null")).payload, HasSubstr(R"({"errorType":"Runtime.InvalidEntrypoint")"));
}

TEST(ProcessRunner, CodeWithoutABootstrapIsAnError) {
  RunnerRig rig;
  FunctionVersion function = RunnerRig::function("echo");
  function.runtime = "empty";
  EXPECT_THAT(rig.invoke(function, rig.invocation("null")).payload,
              MatchesRegex(R"(.*"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: .* Error: no bootstrap".*)"));
}

TEST(ProcessRunner, AnAnswerMayHaveSixMegabytes) {
  RunnerRig rig;
  EXPECT_EQ(rig.invoke("large", "6291556").payload.size(), 6'291'556u);
  const Told told = rig.invoke("large", "6291557");
  EXPECT_EQ(told.outcome.function_error, "Unhandled");
  EXPECT_EQ(told.payload, R"({"errorType":"Function.ResponseSizeTooLarge","errorMessage":)"
                          R"("Response payload size exceeded maximum allowed payload size (6291556 bytes)."})");
}

TEST(ProcessRunner, ARuntimeCannotBreakTheRulesOfItsApi) {
  RunnerRig rig;
  EXPECT_EQ(rig.invoke("misbehave").payload, "\"first\"");
  // To another invocation, to what is not served, for an event while one is owed; its answer; another answer, an error after it.
  EXPECT_TRUE(rig.wait_for_line("400 404 403 202 403 403"));
  EXPECT_EQ(rig.invoke("misbehave").payload, "\"first\"");
}

TEST(ProcessRunner, ARuntimeAsksForOneEventAtATime) {
  RunnerRig rig;
  EXPECT_EQ(rig.invoke("poll-twice").payload, "\"well\"");
  EXPECT_TRUE(rig.wait_for_line("refused {\"errorMessage\":"));
}

TEST(ProcessRunner, AnAnswerThatBreaksOffIsNone) {
  RunnerRig rig;
  EXPECT_THAT(rig.invoke("break-off").payload, HasSubstr(R"({"errorType":"Runtime.TruncatedResponse")"));
}

TEST(ProcessRunner, WhatAFunctionForksEndsWithIt) {
  RunnerRig rig;
  const pid_t child = std::stoi(rig.invoke("fork").payload);
  EXPECT_FALSE(has_ended(child));
  rig.stop();
  EXPECT_TRUE(rig.wait_until([&] { return has_ended(child); }));
}

TEST(ProcessRunner, OneThatIsLetGoCannotPutOffItsEndByAskingAgain) {
  RunnerRig rig(2, {.idle_timeout = Milliseconds(50)});
  const pid_t process = std::stoi(rig.invoke("cling").payload);
  EXPECT_TRUE(rig.wait_until([&] { return has_ended(process); }));
}

TEST(ProcessRunner, ItsLogTellsOfAnInvocation) {
  RunnerRig rig;
  const Invocation invocation = rig.invocation("hello");
  rig.invoke(RunnerRig::function("say"), invocation);
  ASSERT_TRUE(rig.wait_for_line("REPORT RequestId: " + invocation.request_id));
  std::string all;
  for (const std::string& line : rig.logs.lines()) all += line + "\n";
  EXPECT_THAT(all,
              MatchesRegex("INIT_START Runtime Version: .*\nSTART RequestId: .* Version: \\$LATEST\nhello\nEND RequestId: .*\n"
                           "REPORT RequestId: .*\tDuration: .* ms\tBilled Duration: .* ms\tMemory Size: 128 MB\tMax Memory Used: .* MB\t"
                           "Init Duration: .* ms\t\n"));
}

TEST(ProcessRunner, TheTailOfTheLogComesWithTheAnswer) {
  RunnerRig rig;
  for (int i = 0; i < 3; ++i) {
    Invocation invocation = rig.invocation(fmt::format("line {}", i));
    invocation.wants_log_tail = true;
    const Told told = rig.invoke(RunnerRig::function("say"), invocation);
    EXPECT_THAT(told.outcome.log_tail,
                MatchesRegex(fmt::format("START RequestId: {0} .*\nline {1}\nEND RequestId: {0}\nREPORT RequestId: {0}\t.*\n",
                                         invocation.request_id, i)));
  }
}

}  // namespace
}  // namespace outcrop::runner
