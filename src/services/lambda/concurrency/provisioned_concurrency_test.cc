// Provisioned concurrency: what may be asked for, and what the runner is told of it.
#include "services/lambda/concurrency/provisioned_concurrency.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "services/lambda/account/quotas.h"
#include "services/lambda/testing/lambda_harness.h"
#include "services/lambda/testing/settings_harness.h"

namespace outcrop::lambda {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// Keeps what it is told, by version, and has it ready when a test says so.
class RecordedProvisioning final : public runner::FunctionRunner {
 public:
  Task<Result<std::unique_ptr<runner::Answer>>> invoke(runner::FunctionVersionRef, runner::Invocation) override {
    co_return fail("ServiceException", 500, "nothing runs here");
  }
  Task<void> provision(runner::FunctionVersionRef function, uint32_t count) override {
    if (count == 0) {
      told.erase(function->version);
    } else {
      told[function->version] = count;
    }
    co_return;
  }
  Task<runner::ProvisionedState> provisioned_state(runner::FunctionVersionRef function) override {
    runner::ProvisionedState now = state;
    now.requested = told.contains(function->version) ? told[function->version] : 0;
    co_return now;
  }
  Task<void> forget(std::string) override { co_return; }
  Task<void> forget_account(std::optional<std::string>) override { co_return; }

  std::map<std::string, uint32_t> told;
  runner::ProvisionedState state{.status = runner::ProvisionedState::Status::in_progress};
};

struct Provisioning : SettingsHarness {
  using Status = runner::ProvisionedState::Status;

  Provisioning() {
    std::filesystem::create_directory(directory.path + "/" + unpacked_code);
    have_runnable("1");
    have_runnable("2");
    have_alias("orders", "live", "1");
  }

  void have_runnable(const std::string& version) {
    SettingsHarness::put(keys.function("orders"), wire::encode_record(FunctionRecord{}));
    VersionRecord record{.revision_id = version, .runtime = "nodejs22.x"};
    record.handler = "index.handler";
    record.timeout_seconds = 3;
    record.memory_mb = 128;
    record.change_id = version;
    record.state = "Active";
    record.code.sha256 = unpacked_code;
    for (const std::string& key : {std::string(latest), version})
      SettingsHarness::put(keys.version("orders", key), wire::encode_record(record));
  }
  void reserve(int32_t count) {
    auto stored = run(store->get(keys.function("orders"))).value();
    FunctionRecord function = *wire::decode_record<FunctionRecord>(*stored);
    function.reserved_concurrency = count;
    SettingsHarness::put(keys.function("orders"), wire::encode_record(function));
  }
  Result<ProvisionedConcurrency::Provisioned> put(const std::string& qualifier, uint32_t count) {
    return run(provisioned.put(name_of("orders", qualifier), count));
  }
  std::string refusal(const std::string& qualifier, uint32_t count) { return refusal_in_full(put(qualifier, count)); }
  Status status_of(const std::string& qualifier) { return run(provisioned.find(name_of("orders", qualifier))).value()->state.status; }

  static constexpr const char* unpacked_code = "digest";
  TestDirectory directory;
  QuotaBook book;
  RecordedProvisioning runner;
  Functions functions{world, {.code_directory = directory.path}};
  ProvisionedConcurrency provisioned{world, book, functions, runner};
};

TEST_F(Provisioning, OfAVersionIsToldToTheRunner) {
  const auto put_now = put("1", 5);
  ASSERT_TRUE(put_now) << put_now.error().message;
  EXPECT_EQ(put_now->state.status, Status::in_progress);
  EXPECT_EQ(put_now->state.allocated, 0);
  EXPECT_THAT(runner.told, ElementsAre(Pair("1", 5)));
  ASSERT_TRUE(run(provisioned.erase(name_of("orders", "1"))));
  EXPECT_THAT(runner.told, IsEmpty());
  EXPECT_FALSE(run(provisioned.find(name_of("orders", "1"))).value());
}

TEST_F(Provisioning, MovesWithItsAlias) {
  ASSERT_TRUE(put("live", 2));
  EXPECT_THAT(runner.told, ElementsAre(Pair("1", 2)));
  have_alias("orders", "live", "2");
  run(provisioned.apply(name_of("orders")));
  EXPECT_THAT(runner.told, ElementsAre(Pair("2", 2)));
}

TEST_F(Provisioning, IsToldAgainWhenAServerStarts) {
  ASSERT_TRUE(put("live", 2));
  RecordedProvisioning next_runner;
  ProvisionedConcurrency next{world, book, functions, next_runner};
  ASSERT_TRUE(run(next.start()));
  EXPECT_THAT(next_runner.told, ElementsAre(Pair("1", 2)));
}

TEST_F(Provisioning, EndsWithItsFunction) {
  ASSERT_TRUE(put("live", 2));
  ASSERT_TRUE(run(functions.erase(name_of("orders"))));
  ASSERT_TRUE(run(provisioned.start()));
  EXPECT_THAT(runner.told, IsEmpty());
  EXPECT_THAT(run(store->scan(FunctionKeys::provisioned_functions())).value(), IsEmpty());
}

TEST_F(Provisioning, IsShownAsTheRunnerHasIt) {
  ASSERT_TRUE(put("1", 2));
  EXPECT_EQ(status_of("1"), Status::in_progress);
  runner.state = {.allocated = 2, .available = 1, .status = Status::ready};
  const auto ready = run(provisioned.find(name_of("orders", "1"))).value();
  EXPECT_EQ(ready->state.status, Status::ready);
  EXPECT_EQ(ready->state.allocated, 2);
  EXPECT_EQ(ready->state.available, 1);
  runner.state = {.status = Status::failed, .reason = "FUNCTION_ERROR_INIT_FAILURE"};
  EXPECT_EQ(status_of("1"), Status::failed);
}

TEST_F(Provisioning, IsOfAVersionOrOfOneAliasOfIt) {
  have_alias("orders", "blue", "1");
  ASSERT_TRUE(put("live", 1));
  EXPECT_EQ(refusal("1", 1), "409 ResourceConflictException: Version is pointed by a Provisioned Concurrency alias");
  constexpr std::string_view taken =
      "409 ResourceConflictException: Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version";
  EXPECT_EQ(refusal("blue", 1), taken);
  ASSERT_TRUE(run(provisioned.erase(name_of("orders", "live"))));
  ASSERT_TRUE(put("1", 1));
  EXPECT_EQ(refusal("live", 1), taken);
  EXPECT_EQ(refusal("1", 2), "no refusal") << "it may be changed";
}

TEST_F(Provisioning, IsNotOfAnAliasOfTwoVersions) {
  AliasRecord alias{.version = "1", .revision_id = "r"};
  alias.weights.emplace();
  (*alias.weights)["2"] = 0.1;
  SettingsHarness::put(keys.alias("orders", "live"), wire::encode_record(alias));
  EXPECT_EQ(refusal("live", 1), "400 InvalidParameterValueException: Alias with weights can not be used with Provisioned Concurrency");
}

TEST_F(Provisioning, ComesOutOfWhatTheFunctionReserves) {
  reserve(10);
  ASSERT_TRUE(put("1", 7));
  EXPECT_EQ(refusal("2", 4),
            "400 InvalidParameterValueException: Requested Provisioned Concurrency should not be greater than the "
            "reservedConcurrentExecution for function");
  EXPECT_EQ(refusal("2", 3), "no refusal");
}

TEST_F(Provisioning, OtherwiseComesOutOfTheAccountsConcurrency) {
  EXPECT_EQ(refusal("1", 1'001),
            "400 InvalidParameterValueException: Specified ConcurrentExecutions for function is greater than account's unreserved "
            "concurrency [1000].");
  EXPECT_EQ(refusal("1", 901),
            "400 InvalidParameterValueException: Specified ConcurrentExecutions for function decreases account's "
            "UnreservedConcurrentExecution below its minimum value of [100].");
  ASSERT_TRUE(put("1", 500));
  EXPECT_TRUE(put("1", 900)) << "instead of what it had";
}

TEST_F(Provisioning, IsOfWhatIsThere) {
  const std::string arn = "arn:aws:lambda:us-east-1:111122223333:function:";
  EXPECT_EQ(refusal("7", 1), "404 ResourceNotFoundException: Function not found: " + arn + "orders:7");
  EXPECT_EQ(refusal("blue", 1), "404 ResourceNotFoundException: Cannot find alias arn: " + arn + "orders:blue");
  EXPECT_EQ(refusal_in_full(run(provisioned.list(name_of("none"), "", 10))),
            "404 ResourceNotFoundException: Function not found: " + arn + "none");
  EXPECT_THAT(run(provisioned.list(name_of("orders"), "", 10)).value(), IsEmpty());
  EXPECT_EQ(refusal_in_full(check_can_be_provisioned(name_of("orders", "$LATEST"))),
            "400 InvalidParameterValueException: The function resource provided must be an alias or a published version.");
}

}  // namespace
}  // namespace outcrop::lambda
