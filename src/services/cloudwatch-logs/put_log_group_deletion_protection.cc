#include "gen/cloudwatch-logs/put_log_group_deletion_protection.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"

namespace outcrop::cloudwatch_logs {

// Protects a group from being deleted, or no longer.
Task<Result<PutLogGroupDeletionProtectionOutput>> put_log_group_deletion_protection(CloudwatchLogs& service, Call& call,
                                                                                    PutLogGroupDeletionProtectionInput input) {
  const GroupName name = co_await group_of_identifier(call, input.log_group_identifier);
  co_await service.with_logs(name, [&](ShardLogs& logs) -> Task<Result<void>> {
    const ShardLogs::Found found = co_await logs.get(name);
    found.group->record.deletion_protected = input.deletion_protection_enabled;
    logs.store_group(name, *found.group);
    co_return {};
  });
  co_return PutLogGroupDeletionProtectionOutput();
}

}  // namespace outcrop::cloudwatch_logs
