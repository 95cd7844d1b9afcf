// CloudwatchLogs: Amazon CloudWatch Logs. One file beside this is one operation; what they share is in the folders below: group/ log
// groups, their streams and how both end, event/ how events are written and read, filter/ filter patterns, tail/ what is
// followed while it is written.
//
// A log group is owned (DESIGN section 4): shard = hash(account, region, "cloudwatch-logs", group), so that a PutLogEvents is one command
// of one shard and one batch, and deleting a group is one, too. Reading takes no shard: what was answered is in the store. The records
// (models/records/cloudwatch-logs.json) are listed with their keys in group/keys.h: GroupRecord, GroupCounters, StreamRecord, EventRecord.
//
// Durable timers: logs/sweep erases each day what is past the group's retention, logs/erase the events of a deleted stream
// (group/erasing.h). Neither is seen by readers from the beginning.
#pragma once
#include <functional>
#include <utility>

#include "core/call.h"
#include "core/durable_timers.h"
#include "core/log_sink.h"
#include "core/shard.h"
#include "services/cloudwatch-logs/event/batch.h"
#include "services/cloudwatch-logs/group/group_name.h"
#include "services/cloudwatch-logs/group/keys.h"
#include "services/cloudwatch-logs/group/shard_logs.h"
#include "services/cloudwatch-logs/tail/live_tails.h"

namespace outcrop::cloudwatch_logs {

// A group as it is stored, for those who read.
struct StoredGroup {
  GroupName name;
  GroupRecord record;
  GroupKeys keys;
  int64_t kept_from_ms;  // what is older is past the retention
};

class CloudwatchLogs final : public LogSink {
 public:
  // Before the durable timers start.
  CloudwatchLogs(World& world, Shards& shards, DurableTimers& timers);

  DurableTimers& timers() { return timers_; }
  World& world() { return world_; }
  Shards& shards() { return shards_; }
  LiveTails& tails() { return tails_; }
  Shard& shard_of(const GroupName& name) { return shards_.of(name.account, name.region, "cloudwatch-logs", name.name); }

  // Runs command(logs) on the thread of the group's shard and gives its result when what it wrote is on disk.
  // F: Task<Result<T>>(ShardLogs&).
  template <class F>
  std::invoke_result_t<F&, ShardLogs&> with_logs(const GroupName& name, F command);

  // Fault: ResourceNotFoundException 400.
  Task<Result<StoredGroup>> stored_group(GroupName name);

  // Groups whose names begin with `prefix` and come after `after`, in the order of names, for which `wanted` says so; at most `most`.
  Task<Result<std::vector<StoredGroup>>> list_groups(const std::string& account, const std::string& region, std::string_view prefix,
                                                     std::string_view after, size_t most,
                                                     std::function<bool(std::string_view name)> wanted);

  // What a change of tags makes of them, also faults. Fault: ResourceNotFoundException 400.
  Task<Result<void>> change_tags(GroupName name, std::function<Result<void>(wire::Map<std::string>& tags)> change);

  Task<Result<void>> append(Stream to, std::vector<Line> lines) override;

 private:
  Result<StoredGroup> decoded(GroupName name, std::string_view bytes);

  World& world_;
  Shards& shards_;
  DurableTimers& timers_;
  LiveTails tails_;
};

template <class F>
std::invoke_result_t<F&, ShardLogs&> CloudwatchLogs::with_logs(const GroupName& name, F command) {
  co_return co_await keep(Shards::call(shard_of(name), [&](Shard& shard) -> std::invoke_result_t<F&, ShardLogs&> {
    auto logs = shard.memory<ShardLogs>();
    auto result = co_await keep(command(*logs));
    if (result) co_await shard.committed();
    co_return result;
  }));
}

}  // namespace outcrop::cloudwatch_logs
