// What metrics cost: a value that a service records about itself, and values that PutMetricData brings.
#include <benchmark/benchmark.h>

#include "core/testing/test_world.h"
#include "services/cloudwatch/cloudwatch.h"

namespace outcrop::cloudwatch {
namespace {

Sample sample(int metric, int value) {
  Sample sample;
  const StoredDimension dimensions[] = {{"Host", fmt::format("host-{}", metric), {}}, {"Stage", "production", {}}};
  sample.metric = MetricIdentity::of("App", "Latency", dimensions);
  sample.at = TestWorld::start;
  sample.values.add(value);
  return sample;
}

// One of `range` series, as AWS/Bedrock would have them by model.
void record_of_a_service(benchmark::State& state) {
  TestWorld test;
  Collector collector(test.world, [](Place, std::vector<Sample>) -> Task<Result<void>> { co_return {}; });
  std::vector<std::string> models;
  for (int64_t i = 0; i < state.range(0); ++i) models.push_back(fmt::format("anthropic.model-{}", i));
  test.run([](benchmark::State& state, Collector& collector, const std::vector<std::string>& models) -> Task<void> {
    size_t i = 0;
    for (auto _ : state) {
      const ServiceMetrics::Dimension dimensions[] = {{"ModelId", models[i % models.size()]}};
      collector.record("111122223333", "us-east-1", "AWS/Bedrock", "InvocationLatency", dimensions, double(++i % 1000), "Milliseconds");
    }
    co_return;
  }(state, collector, models));
  state.SetItemsProcessed(state.iterations());
  test.run(collector.stop());
}
BENCHMARK(record_of_a_service)->Arg(10)->Arg(1000);

// A PutMetricData of 100 data on one shard over the memory store: `range` metrics, several values of each.
void put_hundred(benchmark::State& state) {
  TestWorld test;
  auto shards = test.run(Shards::open(test.world, 1)).value();
  DurableTimers timers(*shards);
  std::vector<Sample> samples;
  for (int i = 0; i < 100; ++i) samples.push_back(sample(int(i % state.range(0)), i));
  for (auto _ : state) {
    test.run([](Shard& shard, DurableTimers& timers, const std::vector<Sample>& samples) -> Task<void> {
      auto metrics = shard.memory<ShardMetrics>();
      for (const Sample& sample : samples) metrics->add(timers, {"111122223333", "us-east-1"}, sample);
      co_await keep(shard.committed());
    }(shards->at(0), timers, samples));
  }
  state.SetItemsProcessed(state.iterations() * 100);
  test.run(shards->close());
}
BENCHMARK(put_hundred)->Arg(1)->Arg(100);

}  // namespace
}  // namespace outcrop::cloudwatch

BENCHMARK_MAIN();
