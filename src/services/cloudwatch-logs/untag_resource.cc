#include "gen/cloudwatch-logs/untag_resource.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/tags.h"

namespace outcrop::cloudwatch_logs {

// Takes tags from a log group.
Task<Result<UntagResourceOutput>> untag_resource(CloudwatchLogs& service, Call& call, UntagResourceInput input) {
  co_await service.change_tags(co_await group_of_arn(call, input.resource_arn), removing(std::move(input.tag_keys)));
  co_return UntagResourceOutput();
}

}  // namespace outcrop::cloudwatch_logs
