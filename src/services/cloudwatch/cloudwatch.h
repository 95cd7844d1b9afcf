// Cloudwatch: Amazon CloudWatch's metrics and alarms. One file beside this is one operation; what they share is in the folders below:
// metric/ how metrics are stored and read, math/ metric math, query/ MetricDataQueries over both, alarm/ alarms and what they do,
// publish/ what other services record.
//
// Both kinds of entity are owned (DESIGN section 4), because both have memory that a transaction a call would not pay for:
//   metrics   shard = hash(account, region, "cloudwatch", namespace): a PutMetricData is one command of one shard, and one batch. Open
//             datapoints are in memory and are added to; nothing is read to write (metric/shard_metrics.h).
//   alarms    shard = hash(account, region, "cloudwatch", alarm name): all in memory, evaluated by one timer a shard.
// Reading takes no shard: what was answered is in the store. The records (models/records/cloudwatch.json) and their keys are listed in
// metric/keys.h: StoredMetric, StoredDatapoint, AlarmRecord, HistoryRecord; PendingAction is the payload of a durable timer.
//
// Durable timers: cloudwatch/roll-up and cloudwatch/expiry (metric/roll_up.h), cloudwatch/action, cloudwatch/history. Evaluation needs
// none: it begins anew at the next minute.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "base/task_group.h"
#include "core/call.h"
#include "core/directory.h"
#include "core/durable_timers.h"
#include "core/reset.h"
#include "core/shard.h"
#include "gen/cloudwatch/types.h"
#include "services/cloudwatch/alarm/shard_alarms.h"
#include "services/cloudwatch/metric/shard_metrics.h"
#include "services/cloudwatch/publish/collector.h"
#include "services/cloudwatch/query/queries.h"

namespace outcrop::cloudwatch {

class Cloudwatch {
 public:
  // Alarms act through `directory`. Before the durable timers start.
  Cloudwatch(World& world, Shards& shards, DurableTimers& timers, Directory& directory);

  // Loads the alarms and begins to evaluate them.
  Task<Result<void>> start();
  // Stores what services recorded and ends background work; before the shards close.
  Task<void> stop();
  // For Reset::on_reset: what is in no shard.
  Task<Result<void>> forget(const std::optional<std::string>& account);

  // What other services record their metrics with.
  ServiceMetrics& service_metrics() { return collector_; }
  Shards& shards() { return shards_; }
  DurableTimers& timers() { return timers_; }
  Queries queries(Place place) { return Queries(world_, shards_, std::move(place)); }

  // Adds samples of one namespace; returns when they are on disk.
  Task<Result<void>> add(Place place, std::vector<Sample> samples);

  Shard& shard_of(const AlarmName& name) { return shards_.of(name.place.account, name.place.region, "cloudwatch", name.name); }
  // Runs command(alarms) on the thread of the alarm's shard, and returns when what it wrote is on disk.
  // F: Result<void>(ShardAlarms&).
  template <class F>
  Task<Result<void>> with_alarms(const AlarmName& name, F command);

  // Alarms as they are stored, whose names begin with `prefix` and come after `after`, in the order of names, for which `wanted` says
  // so; at most `most`.
  Task<Result<std::vector<AlarmRecord>>> list_alarms(const Place& place, std::string_view prefix, std::string_view after, size_t most,
                                                     std::function<bool(const AlarmRecord&)> wanted);
  // Null when there is none.
  Task<Result<std::optional<AlarmRecord>>> find_alarm(const AlarmName& name);

  // Gives the alarm its state of the moment. On the thread of its shard.
  Task<Result<void>> evaluate_alarm(Shard& shard, AlarmName name, int64_t end_s);

 private:
  Task<Result<void>> watch(Shard& shard);
  Task<void> watch_again(Shard& shard);
  Task<void> evaluate_due(Shard& shard, int64_t end_s);
  Task<Result<void>> take_action(Shard& shard, const DurableTimer& timer);

  World& world_;
  Shards& shards_;
  DurableTimers& timers_;
  Directory& directory_;
  Collector collector_;
  std::vector<char> evaluating_;  // by shard; each is its shard's thread's
  TaskGroup background_;
  std::atomic<bool> stopped_ = false;
};

inline Place place_of(const Call& call) { return {call.account(), call.region}; }

template <class F>
Task<Result<void>> Cloudwatch::with_alarms(const AlarmName& name, F command) {
  co_return co_await keep(Shards::call(shard_of(name), [&](Shard& shard) -> Task<Result<void>> {
    auto alarms = co_await shard.loaded<ShardAlarms>();
    co_await command(*alarms);
    co_return co_await keep(shard.committed());
  }));
}

}  // namespace outcrop::cloudwatch
