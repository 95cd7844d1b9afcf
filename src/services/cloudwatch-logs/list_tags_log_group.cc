#include "gen/cloudwatch-logs/list_tags_log_group.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"

namespace outcrop::cloudwatch_logs {

// The tags of a log group, which is named.
Task<Result<ListTagsLogGroupOutput>> list_tags_log_group(CloudwatchLogs& service, Call& call, ListTagsLogGroupInput input) {
  StoredGroup group = co_await service.stored_group(group_of(call, input.log_group_name));
  co_return ListTagsLogGroupOutput{.tags = std::move(group.record.tags)};
}

}  // namespace outcrop::cloudwatch_logs
