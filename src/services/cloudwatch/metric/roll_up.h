// What becomes of datapoints as they age: an hour after it ended, its minutes are added up to five minutes and to the hour; each
// resolution is erased when its time is over (API, GetMetricData: how long data is retained). Both are durable timers. A roll-up
// computes its hour anew from the minutes, so that it may run twice and again when late data came: minutes are kept longer than
// the two weeks that data may be late.
#pragma once
#include "core/durable_timers.h"
#include "services/cloudwatch/metric/keys.h"

namespace outcrop::cloudwatch {

struct RollUp {
  static constexpr int64_t month_s = 30 * 86'400;  // the span that hours expire by

  static int64_t due_s(int64_t hour);
  // The regular roll-up of the hour may have begun: it needs another one.
  static bool is_late(int64_t hour, int64_t now_s);
  static int64_t late_due_s(int64_t now_s);
};

// Sets the timers of one metric, as part of its shard's open batch.
class Planned {
 public:
  Planned(DurableTimers& timers, Shard& shard, const Place& place, const std::string& id)
      : timers_(timers), shard_(shard), place_(place), id_(id) {}

  void roll_up(int64_t hour, int64_t due_s) const;
  // `span`: hour, day or month of the epoch.
  void expiry(Resolution resolution, int64_t span) const;

 private:
  int64_t spread_s() const;

  DurableTimers& timers_;
  Shard& shard_;
  const Place& place_;
  const std::string& id_;
};

// The timers' handlers.
Task<Result<void>> roll_up(Shard& shard, const DurableTimer& timer);
Task<Result<void>> expire(Shard& shard, const DurableTimer& timer);

}  // namespace outcrop::cloudwatch
