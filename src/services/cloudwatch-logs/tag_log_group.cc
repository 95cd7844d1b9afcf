#include "gen/cloudwatch-logs/tag_log_group.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/tags.h"
#include "services/cloudwatch-logs/group/wording.h"

namespace outcrop::cloudwatch_logs {

// Adds tags to a log group, which is named; those of the same keys are overwritten.
Task<Result<TagLogGroupOutput>> tag_log_group(CloudwatchLogs& service, Call& call, TagLogGroupInput input) {
  co_await service.change_tags(group_of(call, std::move(input.log_group_name)), adding(std::move(input.tags), invalid("Too many tags.")));
  co_return TagLogGroupOutput();
}

}  // namespace outcrop::cloudwatch_logs
