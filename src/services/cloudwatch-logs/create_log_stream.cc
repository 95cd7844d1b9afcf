#include "gen/cloudwatch-logs/create_log_stream.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/wording.h"

namespace outcrop::cloudwatch_logs {

// Makes a stream in a group.
Task<Result<CreateLogStreamOutput>> create_log_stream(CloudwatchLogs& service, Call& call, CreateLogStreamInput input) {
  const GroupName name = group_of(call, std::move(input.log_group_name));
  co_await service.with_logs(name, [&](ShardLogs& logs) -> Task<Result<void>> {
    const ShardLogs::Found found = co_await logs.find(name, input.log_stream_name);
    if (!found.group) co_return fail(no_such_group());
    if (found.stream) co_return fail(resource_already_exists_exception("The specified log stream already exists"));
    logs.create_stream(name, *found.group, input.log_stream_name);
    co_return {};
  });
  co_return CreateLogStreamOutput();
}

}  // namespace outcrop::cloudwatch_logs
