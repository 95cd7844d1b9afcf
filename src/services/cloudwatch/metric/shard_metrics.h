// ShardMetrics: how one shard adds to its metrics. Nothing is read to write: a datapoint in the store is the sum of its fragments, and
// each time memory begins to know a datapoint it begins a fragment of its own. What memory forgets (because there is too much of it,
// or the shard opens again) is therefore only forgotten, never lost. On the shard's thread.
//
// Memory per metric: which fragments are open, and until when its roll-ups and expiries are planned. These are durable timers
// (kinds below), named by the metric's id and the span they are about, so that planning them twice is planning them once.
#pragma once
#include <list>
#include <unordered_map>

#include "core/durable_timers.h"
#include "core/shard.h"
#include "services/cloudwatch/metric/aggregate.h"
#include "services/cloudwatch/metric/keys.h"

namespace outcrop::cloudwatch {

// What is added: an aggregate of values of one unit at one time.
struct Sample {
  MetricIdentity metric;
  Instant at;
  Unit unit = 0;
  bool high_resolution = false;  // seconds are kept too
  Aggregate values;
};

// Adds minutes up to five minutes and hours, and erases what is older than its resolution is kept.
inline constexpr std::string_view roll_up_timer_kind = "cloudwatch/roll-up";
inline constexpr std::string_view expiry_timer_kind = "cloudwatch/expiry";

class ShardMetrics {
 public:
  explicit ShardMetrics(Shard& shard);

  // Part of the shard's open batch.
  void add(DurableTimers& timers, const Place& place, const Sample& sample);

 private:
  struct Fragment {
    Resolution resolution;
    int64_t time_s;
    Unit unit;
    uint64_t id;
    Aggregate values;
  };
  struct Known {
    std::string key;  // in known_
    std::string id;
    Instant seen;
    std::vector<Fragment> open;
    size_t next_closed = 0;  // which fragment gives way to another
    int64_t planned_hour = -1, planned_day = -1, planned_month = -1, planned_late_s = 0;
    size_t bytes = 0;
  };
  using KnownList = std::list<Known>;

  Known& know(const Place& place, const Sample& sample);
  void plan(DurableTimers& timers, const Place& place, Known& known, const Sample& sample);
  void add_to(const Keys& keys, Known& known, Resolution resolution, const Sample& sample);
  void charge(Known& known);
  void forget_some();

  Shard& shard_;
  KnownList by_use_;                                                 // the latest first
  std::unordered_map<std::string_view, KnownList::iterator> known_;  // by account, region and identity
  size_t bytes_ = 0;
  uint64_t next_fragment_;
};

}  // namespace outcrop::cloudwatch
