#include "services/cloudwatch/publish/collector.h"

#include <algorithm>
#include <map>

#include "base/log.h"
#include "core/timers.h"
#include "services/cloudwatch/limits.h"

namespace outcrop::cloudwatch {
namespace {

void append_part(std::string& key, std::string_view part) { key.append(part).push_back('\0'); }

}  // namespace

Collector::Collector(World& world, Store store) : world_(world), store_(std::move(store)) {
  for (Executor* executor : world.executors) loops_.push_back(std::make_unique<Loop>(Loop{.executor = executor}));
}

Collector::~Collector() = default;

Collector::Loop& Collector::current_loop() {
  auto found = std::ranges::find(loops_, Executor::current(), [](const auto& loop) { return loop->executor; });
  check(found != loops_.end(), "a service's metric was recorded outside of the loops");
  return **found;
}

void Collector::record(std::string_view account, std::string_view region, std::string_view metric_namespace, std::string_view metric,
                       std::span<const Dimension> dimensions, double value, std::string_view unit) {
  if (stopped_.load(std::memory_order_relaxed)) return;
  Loop& loop = current_loop();
  const Instant minute = std::chrono::floor<std::chrono::minutes>(world_.clock.wall());
  std::string& key = loop.key;
  key.assign(reinterpret_cast<const char*>(&minute), sizeof minute);
  for (std::string_view part : {account, region, metric_namespace, metric, unit}) append_part(key, part);
  for (const Dimension& dimension : dimensions) {
    append_part(key, dimension.name);
    append_part(key, dimension.value);
  }
  auto found = loop.series.find(key);
  if (found == loop.series.end()) {
    if (loop.series.size() >= limits::collected_series_max) {
      log::warning("a service's metric was dropped: there are too many", {{"namespace", metric_namespace}, {"metric", metric}});
      return;
    }
    Series series{{std::string(account), std::string(region)}, {}};
    series.sample.metric = MetricIdentity::of(std::string(metric_namespace), std::string(metric), dimensions);
    series.sample.at = minute;
    series.sample.unit = unit_of(unit).value_or(0);
    found = loop.series.emplace(key, std::move(series)).first;
    arm(loop);
  }
  found->second.sample.values.add(value);
}

void Collector::arm(Loop& loop) {
  if (loop.timer || loop.storing) return;
  const Instant end = std::chrono::floor<std::chrono::minutes>(world_.clock.wall()) + std::chrono::minutes(1);
  loop.timer = world_.timers.at(end + limits::collection_delay, [this, &loop] { hand_over(loop); });
}

void Collector::hand_over(Loop& loop) {
  loop.timer.reset();
  loop.storing = true;
  tasks_.spawn(store_all(loop, std::exchange(loop.series, {})));
}

Task<void> Collector::store_all(Loop& loop, std::unordered_map<std::string, Series> series) {
  std::map<std::pair<Place, std::string>, std::vector<Sample>> by_namespace;
  for (auto& [key, one] : series) by_namespace[{one.place, one.sample.metric.namespace_}].push_back(std::move(one.sample));
  series.clear();
  for (auto& [where, samples] : by_namespace) {
    Result<void> stored = co_await keep(store_(where.first, samples));
    if (stored) continue;
    log::error("services' metrics could not be stored and wait for another minute",
               {{"code", stored.error().code}, {"reason", stored.error().message}});
    take_back(loop, where.first, std::move(samples));
  }
  loop.storing = false;
  if (!loop.series.empty() && !stopped_.load()) arm(loop);
}

void Collector::take_back(Loop& loop, Place place, std::vector<Sample> samples) {
  for (Sample& sample : samples) {
    std::string key =
        fmt::format("{}/{}/{}/{}/", place.account, place.region, ms_since_epoch(sample.at), sample.unit) + sample.metric.text();
    auto [at, fresh] = loop.series.try_emplace(std::move(key), Series{place, sample});
    if (!fresh) at->second.sample.values.merge(sample.values);
  }
}

Task<void> Collector::stop() {
  if (stopped_.exchange(true)) co_return;
  Executor& home = *Executor::current();
  for (auto& loop : loops_) {
    co_await loop->executor->enter();
    loop->timer.reset();
    co_await store_all(*loop, std::exchange(loop->series, {}));
    co_await home.enter();
  }
  co_await tasks_.join();
}

Task<void> Collector::forget(const std::optional<std::string>& account) {
  Executor& home = *Executor::current();
  for (auto& loop : loops_) {
    co_await loop->executor->enter();
    std::erase_if(loop->series, [&](const auto& entry) { return !account || entry.second.place.account == *account; });
    co_await home.enter();
  }
}

}  // namespace outcrop::cloudwatch
