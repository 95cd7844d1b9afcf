// What a request to a model pays for its quotas: taking and settling, with the headers that tell what is left, and with a tenant's
// budget.
#include <benchmark/benchmark.h>

#include "core/testing/test_world.h"
#include "services/bedrock-runtime/quota/quotas.h"

namespace outcrop::bedrock_runtime {
namespace {

struct QuotaBench {
  explicit QuotaBench(BudgetOptions budgets = {}) : quotas(book, test.clock, metrics, std::move(budgets)) {}

  Task<void> take_and_settle(int requests, bool with_headers) {
    for (int i = 0; i < requests; ++i) {
      call.answer_headers.clear();
      auto reservation = co_await keep(quotas.reserve(call, target, {.input_tokens = 10, .output_tokens_max = 10}));
      if (reservation) reservation->settle({.input = 10, .output = 1}, with_headers ? &call.answer_headers : nullptr);
    }
  }

  // Bursts of a minute's requests, each with full buckets.
  void measure(benchmark::State& state, bool with_headers) {
    const int burst = int(target.model->quotas.at("crossRegionRpm").in(call.region));
    for (auto _ : state) {
      state.PauseTiming();
      test.advance(Seconds(60));
      state.ResumeTiming();
      test.run(take_and_settle(burst, with_headers));
    }
    state.SetItemsProcessed(state.iterations() * burst);
  }

  TestWorld test;
  inference::Catalog catalog;
  Metrics metrics{1};
  Call call{.world = test.world, .identity = {.account = "111122223333"}, .region = "us-east-1", .service = "bedrock-runtime"};
  ModelTarget target = *model_target(catalog, call, "us.anthropic.claude-sonnet-4-20250514-v1:0");
  QuotaBook book;
  Quotas quotas;
};

BudgetOptions team_budget() {
  BudgetConfig teams{.name = "teams", .by = BudgetConfig::By::header, .key = "X-Team", .tenants = {}, .models = {}};
  teams.limits = {{Unit::tokens, Period::minute, 1e12}, {Unit::usd, Period::day, 1e12}};
  return {.budgets = {teams}, .prices = {{"*", {.input = 3, .output = 15, .cache_read = 0.3, .cache_write = 3.75}}}};
}

void take_and_settle(benchmark::State& state) { QuotaBench().measure(state, false); }
BENCHMARK(take_and_settle);

void take_settle_and_tell(benchmark::State& state) { QuotaBench().measure(state, true); }
BENCHMARK(take_settle_and_tell);

void take_settle_and_tell_of_a_budget(benchmark::State& state) {
  QuotaBench bench(team_budget());
  bench.call.extra_headers = {{"x-team", "red"}};
  bench.measure(state, true);
}
BENCHMARK(take_settle_and_tell_of_a_budget);

}  // namespace
}  // namespace outcrop::bedrock_runtime

BENCHMARK_MAIN();
