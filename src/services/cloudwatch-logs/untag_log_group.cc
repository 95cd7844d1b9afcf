#include "gen/cloudwatch-logs/untag_log_group.h"

#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch-logs/group/tags.h"

namespace outcrop::cloudwatch_logs {

// Takes tags from a log group, which is named.
Task<Result<UntagLogGroupOutput>> untag_log_group(CloudwatchLogs& service, Call& call, UntagLogGroupInput input) {
  co_await service.change_tags(group_of(call, std::move(input.log_group_name)), removing(std::move(input.tags)));
  co_return UntagLogGroupOutput();
}

}  // namespace outcrop::cloudwatch_logs
