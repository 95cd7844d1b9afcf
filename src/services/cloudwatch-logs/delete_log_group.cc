#include "gen/cloudwatch-logs/delete_log_group.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/erasing.h"
#include "services/cloudwatch-logs/group/wording.h"

namespace outcrop::cloudwatch_logs {

// Deletes a group with its streams and events.
Task<Result<DeleteLogGroupOutput>> delete_log_group(CloudwatchLogs& service, Call& call, DeleteLogGroupInput input) {
  const GroupName name = group_of(call, std::move(input.log_group_name));
  co_await service.with_logs(name, [&](ShardLogs& logs) -> Task<Result<void>> {
    const ShardLogs::Found found = co_await logs.get(name);
    if (found.group->record.deletion_protected)
      co_return fail(validation_exception("The log group cannot be deleted while its deletion protection is enabled."));
    cancel_sweep(service.timers(), logs.shard(), name, found.group->record);
    logs.delete_group(name, *found.group);
    co_return {};
  });
  co_return DeleteLogGroupOutput();
}

}  // namespace outcrop::cloudwatch_logs
