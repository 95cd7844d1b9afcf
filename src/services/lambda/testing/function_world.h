// A world with functions in it, a runner that does as it is told, and the metrics that were recorded.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "core/testing/test_world.h"
#include "services/lambda/async/async_events.h"
#include "services/lambda/function/functions.h"
#include "services/lambda/invoke/invoker.h"
#include "services/lambda/testing/scripted_runner.h"
#include "wire/record.h"

namespace outcrop::lambda {

// Sums by "Metric" and by "Metric Resource" or whatever dimensions there are.
class RecordedMetrics final : public ServiceMetrics {
 public:
  void record(std::string_view, std::string_view, std::string_view, std::string_view metric, std::span<const Dimension> dimensions,
              double value, std::string_view) override {
    std::string series(metric);
    for (const auto& [name, dimension] : dimensions) series += " " + std::string(dimension);
    sums[series] += value;
    ++samples[series];
  }
  std::map<std::string, double> sums;
  std::map<std::string, int> samples;
};

class FunctionWorld : public testing::Test {
 public:
  FunctionWorld() { put("orders"); }
  ~FunctionWorld() override { world.run(functions.stop()); }

  static FunctionName named(std::string name, std::optional<std::string> qualifier = {}) {
    return {{"000000000000", "us-east-1"}, std::move(name), std::move(qualifier)};
  }

  // Stores the function as its maker left it, with code that nothing reads.
  void put(const std::string& name, const std::function<void(FunctionRecord&, VersionRecord&)>& change = {}) {
    FunctionRecord function;
    VersionRecord version;
    function.tags[std::string(code_directory_tag)] = std::filesystem::temp_directory_path().string();
    version.runtime = "nodejs22.x";
    version.handler = "index.handler";
    version.timeout_seconds = 3;
    version.memory_mb = 128;
    version.logging = {.format = "Text", .group = "/aws/lambda/" + name};
    version.change_id = version.revision_id = world.random.uuid();
    version.state = "Active";
    if (change) change(function, version);
    const FunctionKeys keys(named(name).place);
    store::WriteBatch batch;
    batch.put(keys.function(name), wire::encode_record(function));
    batch.put(keys.version(name, latest), wire::encode_record(version));
    world.run(world.store.write(std::move(batch))).value();
  }

  TestWorld world;
  ScriptedRunner runner;
  RecordedMetrics metrics;
  Functions functions{world.world, {.code_directory = "/nonexistent", .in_place = {.allows_any = true}}};
  Invoker invoker{world.world, functions, runner, metrics};
};

}  // namespace outcrop::lambda
