// What every call pays in core: counting, throttling, fault rules, and a command on a shard.
#include <benchmark/benchmark.h>

#include "base/simple_executor.h"
#include "core/admission.h"
#include "core/durable_timers.h"
#include "core/metrics.h"
#include "core/testing/test_world.h"

namespace outcrop {
namespace {

void count_call(benchmark::State& state) {
  Metrics metrics(2);
  Counter& calls = metrics.counter("outcrop_calls_total", "");
  LatencyHistogram& latency = metrics.histogram("outcrop_call_duration_seconds", "");
  int64_t ns = 0;
  for (auto _ : state) {
    calls.add();
    latency.observe(std::chrono::nanoseconds(ns += 977));
  }
}
BENCHMARK(count_call);

void take_token(benchmark::State& state) {
  TokenBucket bucket(1e9, 1e9);
  for (auto _ : state) benchmark::DoNotOptimize(bucket.take(TestWorld::start));
}
BENCHMARK(take_token);

void decide_without_fault_rules(benchmark::State& state) {
  SeededRandom random(1);
  FaultInjection faults(random);
  for (auto _ : state) benchmark::DoNotOptimize(faults.decide("sqs", "SendMessage"));
}
BENCHMARK(decide_without_fault_rules);

// Commands that commit 1 KiB each, `concurrent` at a time, on a shard over the memory store.
Task<void> commit_commands(Shard& shard, int count) {
  auto command = [](Shard& shard) -> Task<Result<void>> {
    shard.batch().put(shard.key_prefix() + "key", std::string(1024, 'x'));
    co_return co_await keep(shard.committed());
  };
  for (int i = 0; i < count; ++i) co_await keep(Shards::call(shard, command));
}

void command_on_shard(benchmark::State& state) {
  TestWorld test;
  auto shards = test.run(Shards::open(test.world, 1)).value();
  const int concurrent = int(state.range(0));
  for (auto _ : state) {
    TaskGroup tasks;
    for (int i = 0; i < concurrent; ++i) tasks.spawn_on(test.executor, commit_commands(shards->at(0), 100));
    test.run(tasks.join());
  }
  state.SetItemsProcessed(state.iterations() * concurrent * 100);
  test.run(shards->close());
}
BENCHMARK(command_on_shard)->Arg(1)->Arg(64);

// A chain of timers that set the next: what a month under the manual clock costs.
void chain_of_durable_timers(benchmark::State& state) {
  TestWorld test;
  auto shards = test.run(Shards::open(test.world, 1)).value();
  DurableTimers timers(*shards);
  auto set_next = [&](Shard& shard) {
    timers.set(shard, {.due = test.clock.wall() + std::chrono::hours(1), .kind = "bench", .account = "", .id = "", .payload = ""});
  };
  timers.on("bench", [&](Shard& shard, const DurableTimer&) -> Task<Result<void>> {
    set_next(shard);
    co_return {};
  });
  test.run(timers.start()).value();
  auto begin = [&](Shard& shard) -> Task<Result<void>> {
    set_next(shard);
    co_return co_await keep(shard.committed());
  };
  test.run(Shards::call(shards->at(0), begin)).value();
  for (auto _ : state) test.advance(std::chrono::hours(30 * 24));
  state.SetItemsProcessed(state.iterations() * 720);
  test.run(timers.stop());
  test.run(shards->close());
}
BENCHMARK(chain_of_durable_timers)->Unit(benchmark::kMillisecond)->Iterations(10);

}  // namespace
}  // namespace outcrop

BENCHMARK_MAIN();
