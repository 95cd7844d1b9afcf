#include "gen/cloudwatch-logs/create_log_group.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/wording.h"

namespace outcrop::cloudwatch_logs {

// Makes a log group, which keeps its events for ever until it is told otherwise.
Task<Result<CreateLogGroupOutput>> create_log_group(CloudwatchLogs& service, Call& call, CreateLogGroupInput input) {
  if (input.kms_key_id) co_return fail(unsupported("kmsKeyId"));
  if (input.log_group_class.value_or("STANDARD") != "STANDARD")
    co_return fail(invalid("Only log groups of the class STANDARD are supported."));
  const GroupName name = group_of(call, std::move(input.log_group_name));
  GroupRecord record{.deletion_protected = input.deletion_protection_enabled.value_or(false)};
  if (input.tags) record.tags = std::move(*input.tags);
  co_await service.with_logs(name, [&](ShardLogs& logs) -> Task<Result<void>> {
    const ShardLogs::Found found = co_await logs.find(name);
    if (found.group) co_return fail(resource_already_exists_exception("The specified log group already exists"));
    logs.create_group(name, std::move(record));
    co_return {};
  });
  co_return CreateLogGroupOutput();
}

}  // namespace outcrop::cloudwatch_logs
