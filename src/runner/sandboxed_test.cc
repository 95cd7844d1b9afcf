// Functions that are kept apart as this machine allows.
#include "runner/process_runner.h"
#include "runner/testing/runner_rig.h"

namespace outcrop::runner {
namespace {

FunctionVersion roomy(std::string handler) {
  FunctionVersion function = RunnerRig::function(std::move(handler));
  function.memory_mb = 400;
  return function;
}

TEST(SandboxedRunner, AFunctionRunsAndWhatItUsedIsReported) {
  RunnerRig rig{RunnerRig::Sandboxed{}};
  EXPECT_EQ(rig.invoke(roomy("echo"), rig.invocation("1")).payload, "1");
  ASSERT_TRUE(rig.wait_for_line("Max Memory Used: "));
  EXPECT_THAT(rig.logs.lines(), ::testing::Not(::testing::Contains(::testing::HasSubstr("Max Memory Used: 0 MB"))));
}

TEST(SandboxedRunner, WhoTakesMoreMemoryThanItHasIsKilledForIt) {
  RunnerRig rig{RunnerRig::Sandboxed{}};
  const Told told = rig.invoke(roomy("eat"), rig.invocation("null"));
  EXPECT_THAT(told.payload, ::testing::HasSubstr(R"({"errorType":"Runtime.OutOfMemory","errorMessage":)"));
  EXPECT_THAT(told.payload, ::testing::HasSubstr("Runtime exited with error: signal: killed"));
}

TEST(SandboxedRunner, EachAttemptOfItsInitPhaseIsKeptApart) {
  RunnerRig rig{RunnerRig::Sandboxed{}};
  EXPECT_THAT(rig.invoke(roomy("exit-at-init"), rig.invocation("null")).payload,
              ::testing::HasSubstr("Runtime exited with error: exit status 3"));
}

TEST(SandboxedRunner, ItsRuntimeApiIsForItsOwnUserAlone) {
  if (geteuid() != 0) GTEST_SKIP() << "only root gives functions users of their own";
  RunnerRig rig{RunnerRig::Sandboxed{}};
  const std::string place = rig.invoke(roomy("runtime-api"), rig.invocation("null")).payload;
  const uint16_t port = uint16_t(std::stoi(place.substr(place.find(':') + 1)));
  net::TestClient stranger(net::Endpoint{"127.0.0.1", port});
  stranger.send("POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_TRUE(stranger.is_closed_by_server());
}

}  // namespace
}  // namespace outcrop::runner
