// How events end: past the retention of their group, or with their stream. Both go step by step in the background, by durable timers; one
// erasure at a time in a shard, so that none takes from a group's stored bytes what another has taken. On the shard's thread.
#pragma once
#include "core/durable_timers.h"
#include "services/cloudwatch-logs/group/shard_logs.h"
#include "services/cloudwatch-logs/limits.h"

namespace outcrop::cloudwatch_logs {

inline constexpr std::string_view sweep_timer_kind = "logs/sweep";
inline constexpr std::string_view erase_timer_kind = "logs/erase";

// The time of the oldest events that are kept; 0 without a retention.
int64_t kept_from_ms(const GroupRecord& record, Instant now);

// Sets the timer of the group's next sweep, where it has a retention and no sweep is planned; changes its record, which the caller stores.
void plan_sweep(DurableTimers& timers, Shard& shard, const GroupName& name, GroupRecord& record,
                Milliseconds after = limits::sweep_interval);
void cancel_sweep(DurableTimers& timers, Shard& shard, const GroupName& name, const GroupRecord& record);
Task<Result<void>> sweep(DurableTimers& timers, Shard& shard, const DurableTimer& timer);

// Has the events of a stream erased that is deleted in the same batch.
void plan_erasure(DurableTimers& timers, Shard& shard, const GroupName& name, const GroupRecord& record, const StreamRecord& stream);
Task<Result<void>> erase_stream(DurableTimers& timers, Shard& shard, const DurableTimer& timer);

}  // namespace outcrop::cloudwatch_logs
