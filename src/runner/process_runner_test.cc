// Functions in processes of this machine: how they are run and answered.
#include "runner/process_runner.h"

#include "runner/testing/runner_rig.h"

namespace outcrop::runner {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

TEST(ProcessRunner, AnEventIsAnswered) {
  RunnerRig rig;
  const Told told = rig.invoke("echo", R"({"a":1})");
  EXPECT_EQ(told.payload, R"({"a":1})");
  EXPECT_EQ(told.content_type, "application/json");
  EXPECT_EQ(told.outcome.function_error, "");
}

}  // namespace
}  // namespace outcrop::runner
