#include "services/cloudwatch/alarm/shard_alarms.h"

#include <charconv>

#include "core/timers.h"
#include "services/cloudwatch/alarm/alarm_text.h"
#include "services/cloudwatch/limits.h"
#include "store/store.h"
#include "wire/record.h"

namespace outcrop::cloudwatch {
namespace {

constexpr int64_t day_s = 86'400;

const std::vector<std::string>& actions_for(const AlarmRecord& alarm, std::string_view state) {
  if (state == state_ok) return alarm.ok_actions;
  return state == state_alarm ? alarm.alarm_actions : alarm.insufficient_data_actions;
}

}  // namespace

// Items of one instant are in the order of their numbers; a random beginning keeps those of another opening from being written over.
ShardAlarms::ShardAlarms(Shard& shard) : shard_(shard), history_sequence_(uint32_t(shard.world().random.below(1u << 30))) {}

// Accounts are found one after the other: each is one step over all that the account has.
Task<Result<void>> ShardAlarms::load() {
  const std::string service = shard_.key_prefix() + "cloudwatch/";
  store::Range rest = store::Range::prefix(service);
  for (;;) {
    auto first = co_await shard_.world().store.scan(rest, {.entries_max = 1});
    if (first.empty()) co_return {};
    const std::string& key = first.front().key;
    const std::string account = key.substr(service.size(), key.find('/', service.size()) - service.size());
    co_await load_account(account);
    rest.begin = service + account + char('/' + 1);
  }
}

Task<Result<void>> ShardAlarms::load_account(const std::string& account) {
  const std::string prefix = shard_.account_prefix("cloudwatch", account) + "a/";
  store::Range range = store::Range::prefix(prefix);
  for (;;) {
    auto entries = co_await shard_.world().store.scan(range);
    if (entries.empty()) co_return {};
    for (const store::Entry& entry : entries) {
      const size_t slash = entry.key.find('/', prefix.size());
      auto record = co_await wire::decode_record<AlarmRecord>(entry.value);
      alarms_[{{account, entry.key.substr(prefix.size(), slash - prefix.size())}, record.name}] = std::move(record);
    }
    range.begin = store::key_after(entries.back().key);
  }
}

void ShardAlarms::start(Tick tick) {
  tick_ = std::move(tick);
  arm();
}

int32_t ShardAlarms::period_s(const AlarmRecord& alarm) {
  if (alarm.metric) return alarm.metric->period.value_or(60);
  int32_t period_s = 0;
  for (const StoredQuery& query : *alarm.metrics) period_s = std::max(period_s, query.period.value_or(0));
  return period_s > 0 ? period_s : 60;
}

int64_t ShardAlarms::interval_s(const AlarmRecord& alarm) {
  const int64_t period_s = ShardAlarms::period_s(alarm);
  if (period_s < 60) return 10;
  return period_s * alarm.evaluation_periods > day_s ? 3600 : 60;
}

// One timer for all of the shard, at the next end of the shortest interval there is.
void ShardAlarms::arm() {
  if (alarms_.empty() || !tick_) return timer_.reset();
  int64_t interval = 3600;
  for (const auto& [name, alarm] : alarms_) interval = std::min(interval, interval_s(alarm));
  const int64_t done_s = seconds_since_epoch(shard_.world().clock.wall() - limits::evaluation_delay);
  const int64_t end_s = (done_s / interval + 1) * interval;
  timer_ = shard_.world().timers.at(Instant(Seconds(end_s)) + limits::evaluation_delay, [this, end_s] {
    arm();
    tick_(shard_, end_s);
  });
}

AlarmRecord* ShardAlarms::find(const AlarmName& name) {
  auto found = alarms_.find(name);
  return found == alarms_.end() ? nullptr : &found->second;
}

std::vector<AlarmName> ShardAlarms::due(int64_t end_s) const {
  std::vector<AlarmName> names;
  for (const auto& [name, alarm] : alarms_)
    if (end_s % interval_s(alarm) == 0) names.push_back(name);
  return names;
}

void ShardAlarms::put(const AlarmName& name, AlarmRecord record) {
  shard_.batch().put(Keys(shard_.key_prefix(), name.place).alarm(name.name), wire::encode_record(record));
  alarms_[name] = std::move(record);
  arm();
}

void ShardAlarms::erase(const AlarmName& name) {
  shard_.batch().erase(Keys(shard_.key_prefix(), name.place).alarm(name.name));
  alarms_.erase(name);
  arm();
}

void ShardAlarms::set_state(DurableTimers& timers, const AlarmName& name, std::string_view value, std::string reason,
                            std::optional<std::string> data) {
  AlarmRecord& alarm = alarms_.at(name);
  const AlarmState from = alarm.state;
  const Instant now = shard_.world().clock.wall();
  alarm.state = {std::string(value), std::move(reason), std::move(data), now, from.value == value ? from.transitioned : now, {}};
  shard_.batch().put(Keys(shard_.key_prefix(), name.place).alarm(name.name), wire::encode_record(alarm));
  if (from.value == value) return;
  add_history(timers, name, "StateUpdate", fmt::format("Alarm updated from {} to {}", from.value, value), state_data(from, alarm.state));
  if (alarm.actions_enabled) plan_actions(timers, name, alarm, from);
}

// Each action is a durable timer that is due at once: it is taken at least once, also when the server ends now.
void ShardAlarms::plan_actions(DurableTimers& timers, const AlarmName& name, const AlarmRecord& alarm, const AlarmState& from) {
  for (const std::string& action : actions_for(alarm, alarm.state.value)) {
    PendingAction pending{name.place.region, name.name, action, from, alarm.state, {}};
    std::string payload = wire::encode_record(pending);
    if (payload.size() > limits::pending_action_bytes_max) {
      pending.from.reason_data.reset();
      pending.to.reason_data.reset();
      payload = wire::encode_record(pending);
    }
    timers.set(shard_, {.due = alarm.state.updated,
                        .kind = std::string(action_timer_kind),
                        .account = name.place.account,
                        .id = shard_.world().random.uuid(),
                        .payload = std::move(payload)});
  }
}

void ShardAlarms::add_history(DurableTimers& timers, const AlarmName& name, std::string type, std::string summary, std::string data) {
  const Instant now = shard_.world().clock.wall();
  const Keys keys(shard_.key_prefix(), name.place);
  const HistoryRecord record{std::move(type), std::move(summary), std::move(data), {}};
  shard_.batch().put(keys.history(now, history_sequence_++, name.name), wire::encode_record(record));
  const int64_t day = seconds_since_epoch(now) / day_s;
  if (!history_days_.emplace(name.place, day).second) return;
  std::erase_if(history_days_, [&](const auto& planned) { return planned.second < day; });
  timers.set(shard_, {.due = Instant(Seconds((day + 1) * day_s)) + limits::history_kept,
                      .kind = std::string(history_timer_kind),
                      .account = name.place.account,
                      .id = fmt::format("{}/{}", name.place.region, day),
                      .payload = ""});
}

Task<Result<void>> expire_history(Shard& shard, const DurableTimer& timer) {
  const size_t slash = timer.id.find('/');
  int64_t day = 0;
  std::from_chars(timer.id.data() + slash + 1, timer.id.data() + timer.id.size(), day);
  const Keys keys(shard.key_prefix(), {timer.account, timer.id.substr(0, slash)});
  shard.batch().erase_range(keys.history(Instant(Seconds(day * day_s)), Instant(Seconds((day + 1) * day_s))));
  co_return {};
}

}  // namespace outcrop::cloudwatch
