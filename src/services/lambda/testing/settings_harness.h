// Settings of functions over a store in memory: functions are put there as records, without code, since nothing here runs them.
#pragma once
#include <gtest/gtest.h>

#include "core/testing/test_world.h"
#include "gen/records/lambda.h"
#include "services/lambda/function/function_name.h"
#include "wire/record.h"

namespace outcrop::lambda {

struct SettingsHarness : ::testing::Test {
  template <class T>
  T run(Task<T> task) {
    return test.run(std::move(task));
  }

  Call call_of(std::string account) {
    return {.world = test.world,
            .identity = {.account = account, .arn = "arn:aws:iam::" + account + ":root"},
            .region = "us-east-1",
            .service = "lambda"};
  }

  FunctionName name_of(std::string name, std::optional<std::string> qualifier = {}) const {
    return {{"111122223333", "us-east-1"}, std::move(name), std::move(qualifier)};
  }

  void put(std::string_view key, std::string_view value) {
    store::WriteBatch batch;
    batch.put(key, value);
    ASSERT_TRUE(run(test.world.store.write(std::move(batch))));
  }
  void have_function(const std::string& name, std::optional<int32_t> reserved = {}) {
    put(keys.function(name), wire::encode_record(FunctionRecord{.reserved_concurrency = reserved}));
    have_version(name, std::string(latest));
  }
  void have_version(const std::string& name, const std::string& version) {
    put(keys.version(name, version), wire::encode_record(VersionRecord{.revision_id = "revision-of-" + version}));
  }
  void have_alias(const std::string& name, const std::string& alias, const std::string& version) {
    put(keys.alias(name, alias), wire::encode_record(AliasRecord{.version = version, .revision_id = "revision-of-" + alias}));
  }
  std::string revision_of_latest(const std::string& name) {
    const auto stored = run(test.world.store.get(keys.version(name, latest))).value();
    return wire::decode_record<VersionRecord>(*stored)->revision_id;
  }

  TestWorld test;
  FunctionKeys keys{{"111122223333", "us-east-1"}};
};

// "404 ResourceNotFoundException: No policy …".
template <class T>
std::string refusal_in_full(const Result<T>& result) {
  if (result) return "no refusal";
  return std::to_string(result.error().status) + " " + result.error().code + ": " + result.error().message;
}

}  // namespace outcrop::lambda
