#include "gen/cloudwatch/untag_resource.h"

#include "services/cloudwatch/alarm/alarm_tags.h"

namespace outcrop::cloudwatch {

// Takes tags off an alarm.
Task<Result<UntagResourceOutput>> untag_resource(Cloudwatch& cloudwatch, Call& call, UntagResourceInput input) {
  co_await change_tags(cloudwatch, call, std::move(input.resource_arn), [&](wire::Map<std::string>& tags) -> Result<void> {
    for (const std::string& key : input.tag_keys) tags.erase(key);
    return {};
  });
  co_return UntagResourceOutput();
}

}  // namespace outcrop::cloudwatch
