#include "gen/cloudwatch-logs/delete_log_stream.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/erasing.h"
#include "services/cloudwatch-logs/group/wording.h"

namespace outcrop::cloudwatch_logs {

// Deletes a stream; its events are gone for readers at once.
Task<Result<DeleteLogStreamOutput>> delete_log_stream(CloudwatchLogs& service, Call& call, DeleteLogStreamInput input) {
  const GroupName name = group_of(call, std::move(input.log_group_name));
  co_await service.with_logs(name, [&](ShardLogs& logs) -> Task<Result<void>> {
    const ShardLogs::Found found = co_await logs.get(name, input.log_stream_name);
    if (found.group->record.deletion_protected)
      co_return fail(validation_exception("The log stream cannot be deleted while its log group's deletion protection is enabled."));
    plan_erasure(service.timers(), logs.shard(), name, found.group->record, *found.stream);
    logs.delete_stream(name, *found.group, input.log_stream_name);
    co_return {};
  });
  co_return DeleteLogStreamOutput();
}

}  // namespace outcrop::cloudwatch_logs
