// The Lambda service over stores in memory, with a runner that runs nothing; its operations are called as the directory calls them.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/admission.h"
#include "core/fault_injection.h"
#include "core/testing/test_world.h"
#include "gen/lambda/create_function.h"
#include "gen/lambda/get_function.h"
#include "services/lambda/code/unpacking.h"
#include "services/lambda/lambda.h"
#include "services/lambda/testing/zip_maker.h"
#include "store/open_store.h"

namespace outcrop::lambda {

// Remembers what it was told of.
class IdleRunner final : public runner::FunctionRunner {
 public:
  Task<Result<std::unique_ptr<runner::Answer>>> invoke(runner::FunctionVersionRef, runner::Invocation) override {
    co_return fail("ServiceException", 500, "nothing runs here");
  }
  Task<void> provision(runner::FunctionVersionRef, uint32_t) override { co_return; }
  Task<runner::ProvisionedState> provisioned_state(runner::FunctionVersionRef) override { co_return runner::ProvisionedState{}; }
  Task<void> forget(std::string function_arn) override {
    forgotten.push_back(std::move(function_arn));
    co_return;
  }
  Task<void> forget_account(std::optional<std::string>) override { co_return; }

  std::vector<std::string> forgotten;
};

class NoMetrics final : public ServiceMetrics {
 public:
  void record(std::string_view, std::string_view, std::string_view, std::string_view, std::span<const Dimension>, double,
              std::string_view) override {}
};

// A directory of its own for each test, which goes with it.
struct TestDirectory {
  TestDirectory() : path(::mkdtemp(name)) {}
  ~TestDirectory() { (void)remove_tree(path); }
  char name[24] = "/tmp/lambda-test-XXXXXX";
  std::string path;
};

struct LambdaHarness : ::testing::Test {
  LambdaHarness() { run(lambda->start()).value(); }
  ~LambdaHarness() override {
    run(lambda->stop());
    run(shards->close());
    test.executor.run_until_idle();
  }

  template <class T>
  T run(Task<T> task) {
    return test.run(std::move(task));
  }

  Call call_from(std::string region, std::string account = "111122223333") {
    return {.world = world,
            .identity = {.account = account, .arn = "arn:aws:iam::" + account + ":root"},
            .region = std::move(region),
            .service = "lambda",
            .operation = "GetFunction",
            .endpoint = "http://localhost:4566"};
  }

  static CreateFunctionInput a_function(std::string name = "orders") {
    CreateFunctionInput input{.function_name = std::move(name),
                              .runtime = "nodejs22.x",
                              .role = "arn:aws:iam::111122223333:role/orders",
                              .handler = "index.handler"};
    input.code.zip_file = a_package();
    return input;
  }
  Result<CreateFunctionOutput> create(CreateFunctionInput input) { return run(create_function(*lambda, call, std::move(input))); }

  // Made, and its code unpacked.
  FunctionConfiguration make(CreateFunctionInput input = a_function()) {
    const std::string name = input.function_name;
    create(std::move(input)).value();
    return settled(name);
  }
  // A version as GetFunction tells it, once its last change is settled.
  FunctionConfiguration settled(const std::string& name, std::optional<std::string> qualifier = {}) {
    for (int turns = 0; turns < 100'000; ++turns) {
      FunctionConfiguration configuration = get(name, qualifier).value();
      if (configuration.state != "Pending" && configuration.last_update_status != "InProgress") return configuration;
      run(world.pool.run([] { return true; }));  // code is unpacked there
      test.executor.run_until_idle();
    }
    ADD_FAILURE() << name << " does not settle";
    return {};
  }
  Result<FunctionConfiguration> get(const std::string& name, std::optional<std::string> qualifier = {}) {
    auto output = run(get_function(*lambda, call, {.function_name = name, .qualifier = std::move(qualifier)}));
    if (!output) return fail(std::move(output.error()));
    return *output->configuration;
  }

  FunctionName named(std::string name, std::optional<std::string> qualifier = {}) {
    return {place_of(call), std::move(name), std::move(qualifier)};
  }

  TestDirectory directory;
  TestWorld test;
  std::unique_ptr<store::Store> store =
      *store::open_store({.clock = test.clock, .random = test.random, .pool = test.pool, .activity = &test.activity});
  std::unique_ptr<store::BlobStore> blobs =
      *store::open_blob_store({.directory = "", .clock = test.clock, .random = test.random, .pool = test.pool});
  World world{test.clock, test.random, *store, *blobs, test.pool, test.activity, test.clock, {&test.executor}, test.processes};
  FaultInjection faults{test.random};
  Admission admission{faults, {}};
  Metrics metrics{1};
  Directory services{admission, metrics};
  std::unique_ptr<Shards> shards = run(Shards::open(world, 1)).value();
  DurableTimers timers{*shards};
  QuotaBook quotas;
  NoMetrics service_metrics;
  IdleRunner runner;
  runner::Runtimes runtimes{runner::RuntimeSettings{}};
  std::unique_ptr<Lambda> lambda =
      std::make_unique<Lambda>(LambdaParts{world, *shards, timers, services, quotas, service_metrics, runner, runtimes,
                                           FunctionsOptions{directory.path + "/functions", {.allows_any = true}}});
  Call call = call_from("us-east-1");
};

// "404 ResourceNotFoundException".
template <class T>
std::string refusal_of(const Result<T>& result) {
  if (result) return "no refusal";
  return std::to_string(result.error().status) + " " + result.error().code;
}

template <class T>
std::string message_of(const Result<T>& result) {
  return result ? "no refusal" : result.error().message;
}

}  // namespace outcrop::lambda
