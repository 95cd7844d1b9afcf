#include "gen/cloudwatch-logs/delete_retention_policy.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/erasing.h"

namespace outcrop::cloudwatch_logs {

// From now on the group keeps its events for ever.
Task<Result<DeleteRetentionPolicyOutput>> delete_retention_policy(CloudwatchLogs& service, Call& call, DeleteRetentionPolicyInput input) {
  const GroupName name = group_of(call, std::move(input.log_group_name));
  co_await service.with_logs(name, [&](ShardLogs& logs) -> Task<Result<void>> {
    const ShardLogs::Found found = co_await logs.get(name);
    cancel_sweep(service.timers(), logs.shard(), name, found.group->record);
    found.group->record.retention_days.reset();
    found.group->record.next_sweep.reset();
    logs.store_group(name, *found.group);
    co_return {};
  });
  co_return DeleteRetentionPolicyOutput();
}

}  // namespace outcrop::cloudwatch_logs
