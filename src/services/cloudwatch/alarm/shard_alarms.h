// ShardAlarms: the alarms of one shard, all in memory, because all are evaluated once a minute. Their states change here, with what is
// written about it: the alarm, its history and, as durable timers, the actions it is to take. On the shard's thread.
#pragma once
#include <functional>
#include <map>
#include <set>

#include "core/durable_timers.h"
#include "core/shard.h"
#include "services/cloudwatch/alarm/evaluation.h"
#include "services/cloudwatch/metric/keys.h"

namespace outcrop::cloudwatch {

inline constexpr std::string_view action_timer_kind = "cloudwatch/action";
inline constexpr std::string_view history_timer_kind = "cloudwatch/history";

struct AlarmName {
  Place place;
  std::string name;
  auto operator<=>(const AlarmName&) const = default;
};

class ShardAlarms {
 public:
  explicit ShardAlarms(Shard& shard);
  Task<Result<void>> load();
  void close() { timer_.reset(); }

  // Called with the end of each evaluation interval, once its data can have come. Set by whoever evaluates.
  using Tick = std::function<void(Shard& shard, int64_t end_s)>;
  void start(Tick tick);

  // Null when there is none.
  AlarmRecord* find(const AlarmName& name);
  size_t size() const { return alarms_.size(); }
  // The names of those whose evaluation is due at the end of an interval.
  std::vector<AlarmName> due(int64_t end_s) const;

  // All of these are part of the shard's open batch.
  void put(const AlarmName& name, AlarmRecord record);
  void erase(const AlarmName& name);
  void set_state(DurableTimers& timers, const AlarmName& name, std::string_view value, std::string reason, std::optional<std::string> data);
  void add_history(DurableTimers& timers, const AlarmName& name, std::string type, std::string summary, std::string data);

  // How often it is evaluated: each minute, each ten seconds when its period is shorter, each hour when it looks back more than a day
  // (User Guide, "Alarm evaluation").
  static int64_t interval_s(const AlarmRecord& alarm);
  static int32_t period_s(const AlarmRecord& alarm);

 private:
  Task<Result<void>> load_account(const std::string& account);
  void arm();
  void plan_actions(DurableTimers& timers, const AlarmName& name, const AlarmRecord& alarm, const AlarmState& from);

  Shard& shard_;
  std::map<AlarmName, AlarmRecord> alarms_;
  Tick tick_;
  Timer timer_;
  uint32_t history_sequence_;
  std::set<std::pair<Place, int64_t>> history_days_;  // whose expiry is planned
};

// The handler of history_timer_kind.
Task<Result<void>> expire_history(Shard& shard, const DurableTimer& timer);

}  // namespace outcrop::cloudwatch
