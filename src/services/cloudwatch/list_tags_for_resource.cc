#include "gen/cloudwatch/list_tags_for_resource.h"

#include "services/cloudwatch/alarm/alarm_tags.h"

namespace outcrop::cloudwatch {

// The tags of an alarm.
Task<Result<ListTagsForResourceOutput>> list_tags_for_resource(Cloudwatch& cloudwatch, Call& call, ListTagsForResourceInput input) {
  const AlarmName name = co_await alarm_of_arn(call, input.resource_arn);
  auto alarm = co_await cloudwatch.find_alarm(name);
  if (!alarm) co_return fail(no_such_resource(input.resource_arn));
  ListTagsForResourceOutput output{.tags = std::vector<Tag>()};
  for (const auto& tag : alarm->tags) output.tags->push_back({tag.key, tag.value});
  co_return output;
}

}  // namespace outcrop::cloudwatch
