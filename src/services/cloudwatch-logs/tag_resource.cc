#include "gen/cloudwatch-logs/tag_resource.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/tags.h"
#include "services/cloudwatch-logs/group/wording.h"

namespace outcrop::cloudwatch_logs {

// Adds tags to a log group; those of the same keys are overwritten.
Task<Result<TagResourceOutput>> tag_resource(CloudwatchLogs& service, Call& call, TagResourceInput input) {
  TooManyTagsException too_many{.message = "Too many tags.", .resource_name = input.resource_arn};
  co_await service.change_tags(co_await group_of_arn(call, input.resource_arn), adding(std::move(input.tags), std::move(too_many)));
  co_return TagResourceOutput();
}

}  // namespace outcrop::cloudwatch_logs
