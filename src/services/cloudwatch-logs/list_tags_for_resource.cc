#include "gen/cloudwatch-logs/list_tags_for_resource.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"

namespace outcrop::cloudwatch_logs {

// The tags of a log group.
Task<Result<ListTagsForResourceOutput>> list_tags_for_resource(CloudwatchLogs& service, Call& call, ListTagsForResourceInput input) {
  StoredGroup group = co_await service.stored_group(co_await group_of_arn(call, input.resource_arn));
  co_return ListTagsForResourceOutput{.tags = std::move(group.record.tags)};
}

}  // namespace outcrop::cloudwatch_logs
