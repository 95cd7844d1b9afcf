#include "services/cloudwatch/cloudwatch.h"

#include <algorithm>

#include "base/log.h"
#include "gen/cloudwatch/manifest.h"
#include "services/cloudwatch/alarm/alarm_queries.h"
#include "services/cloudwatch/alarm/alarm_text.h"
#include "services/cloudwatch/alarm/deliver.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/metric/roll_up.h"
#include "wire/record.h"

namespace outcrop::cloudwatch {

Cloudwatch::Cloudwatch(World& world, Shards& shards, DurableTimers& timers, Directory& directory)
    : world_(world),
      shards_(shards),
      timers_(timers),
      directory_(directory),
      collector_(world, [this](Place place, std::vector<Sample> samples) { return add(std::move(place), std::move(samples)); }),
      evaluating_(shards.count()) {
  timers_.on(roll_up_timer_kind, roll_up);
  timers_.on(expiry_timer_kind, expire);
  timers_.on(history_timer_kind, expire_history);
  timers_.on(action_timer_kind, [this](Shard& shard, const DurableTimer& timer) { return take_action(shard, timer); });
}

Task<Result<void>> Cloudwatch::start() {
  for (uint32_t index = 0; index < shards_.count(); ++index) {
    co_await Shards::call(shards_.at(index), [&](Shard& shard) -> Task<Result<void>> {
      shard.on_open([this](Shard& opened) {
        if (!stopped_.load()) background_.spawn(watch_again(opened));
      });
      co_return co_await keep(watch(shard));
    });
  }
  co_return {};
}

Task<void> Cloudwatch::stop() {
  stopped_.store(true);
  co_await collector_.stop();
  co_await background_.join();
}

Task<Result<void>> Cloudwatch::forget(const std::optional<std::string>& account) {
  co_await collector_.forget(account);
  co_return {};
}

Task<Result<void>> Cloudwatch::add(Place place, std::vector<Sample> samples) {
  if (samples.empty()) co_return {};
  Shard& shard = Queries::shard_of(shards_, place, samples.front().metric.namespace_);
  co_return co_await keep(Shards::call(shard, [&](Shard& owner) -> Task<Result<void>> {
    auto metrics = owner.memory<ShardMetrics>();
    for (const Sample& sample : samples) metrics->add(timers_, place, sample);
    co_return co_await keep(owner.committed());
  }));
}

// The shard's alarms are evaluated from now on.
Task<Result<void>> Cloudwatch::watch(Shard& shard) {
  auto alarms = co_await shard.loaded<ShardAlarms>();
  alarms->start([this](Shard& owner, int64_t end_s) {
    if (!stopped_.load() && !evaluating_[owner.index()]) background_.spawn(evaluate_due(owner, end_s));
  });
  co_return {};
}

Task<void> Cloudwatch::watch_again(Shard& shard) {
  Result<void> watching = co_await watch(shard);
  if (!watching) log::error("a shard's alarms could not be read", {{"shard", shard.index()}, {"reason", watching.error().message}});
}

// One after the other: a shard that is slow misses minutes and falls no further behind.
Task<void> Cloudwatch::evaluate_due(Shard& shard, int64_t end_s) {
  evaluating_[shard.index()] = true;
  auto alarms = shard.memory<ShardAlarms>();
  for (const AlarmName& name : alarms->due(end_s)) {
    Result<void> evaluated = co_await evaluate_alarm(shard, name, end_s);
    if (!evaluated)
      log::warning("an alarm could not be evaluated",
                   {{"alarm", name.name}, {"code", evaluated.error().code}, {"reason", evaluated.error().message}});
  }
  evaluating_[shard.index()] = false;
}

Task<Result<void>> Cloudwatch::evaluate_alarm(Shard& shard, AlarmName name, int64_t end_s) {
  const uint64_t epoch = shard.epoch();
  auto alarms = shard.memory<ShardAlarms>();
  const AlarmRecord* found = alarms->find(name);
  if (!found) co_return {};
  const AlarmRecord alarm = *found;
  const Instant queried = world_.clock.wall();
  const AlarmPoints points = co_await read_alarm_points(queries(name.place), alarm, end_s);
  AlarmRecord* current = epoch == shard.epoch() ? alarms->find(name) : nullptr;
  if (!current || current->configuration_updated != alarm.configuration_updated || points.has_few_samples) co_return {};
  const AlarmRule rule = AlarmRule::of(alarm);
  const AlarmVerdict verdict = cloudwatch::evaluate_alarm(rule, points.range);
  if (!verdict.state || *verdict.state == current->state.value) co_return {};
  alarms->set_state(timers_, name, *verdict.state, state_reason(rule, verdict),
                    reason_data(alarm, verdict, ShardAlarms::period_s(alarm), queried));
  co_return {};
}

Task<Result<void>> Cloudwatch::take_action(Shard& shard, const DurableTimer& timer) {
  const PendingAction action = co_await wire::decode_record<PendingAction>(timer.payload);
  const AlarmName name{{timer.account, action.region}, action.alarm_name};
  auto alarms = co_await shard.loaded<ShardAlarms>();
  const AlarmRecord* found = alarms->find(name);
  if (!found) co_return {};  // deleted meanwhile
  const uint64_t epoch = shard.epoch();
  const AlarmRecord alarm = *found;
  const Delivery delivery = co_await deliver(world_, directory_, name.place, alarm, action);
  co_await shard.executor().enter();
  if (epoch != shard.epoch()) co_return fail("ServiceUnavailable", 503, "The shard was opened again.");
  const bool succeeded = delivery.error.empty();
  std::string summary = succeeded ? fmt::format("Successfully executed action {}", action.action)
                                  : fmt::format("Failed to execute action {}. Received error: \"{}\"", action.action, delivery.error);
  constexpr size_t summary_length_max = 255;  // API, AlarmHistoryItem: HistorySummary
  if (summary.size() > summary_length_max) summary.resize(summary_length_max);
  alarms->add_history(timers_, name, "Action", std::move(summary), action_data(action, delivery.published, delivery.error));
  co_return {};
}

Task<Result<std::optional<AlarmRecord>>> Cloudwatch::find_alarm(const AlarmName& name) {
  auto bytes = co_await world_.store.get(Keys(shard_of(name).key_prefix(), name.place).alarm(name.name));
  if (!bytes) co_return std::nullopt;
  co_return co_await wire::decode_record<AlarmRecord>(*bytes);
}

Task<Result<std::vector<AlarmRecord>>> Cloudwatch::list_alarms(const Place& place, std::string_view prefix, std::string_view after,
                                                               size_t most, std::function<bool(const AlarmRecord&)> wanted) {
  std::vector<AlarmRecord> alarms;
  for (uint32_t index = 0; index < shards_.count(); ++index) {
    const Keys keys(shards_.at(index).key_prefix(), place);
    store::Range range = keys.alarms(prefix);
    if (!after.empty()) range.begin = std::max(range.begin, store::key_after(keys.alarm(after)));
    for (size_t found = 0; found < most;) {
      auto entries = co_await world_.store.scan(range, {.entries_max = most});
      if (entries.empty()) break;
      for (const store::Entry& entry : entries) {
        auto alarm = co_await wire::decode_record<AlarmRecord>(entry.value);
        if (found == most || !wanted(alarm)) continue;
        alarms.push_back(std::move(alarm));
        ++found;
      }
      range.begin = store::key_after(entries.back().key);
    }
  }
  std::ranges::sort(alarms, {}, &AlarmRecord::name);
  if (alarms.size() > most) alarms.resize(most);
  co_return alarms;
}

}  // namespace outcrop::cloudwatch
