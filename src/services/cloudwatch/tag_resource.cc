#include "gen/cloudwatch/tag_resource.h"

#include "services/cloudwatch/alarm/alarm_input.h"
#include "services/cloudwatch/alarm/alarm_tags.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {

// Adds tags to an alarm; those of the same keys are overwritten.
Task<Result<TagResourceOutput>> tag_resource(Cloudwatch& cloudwatch, Call& call, TagResourceInput input) {
  const auto added = co_await tags_of(input.tags);
  co_await change_tags(cloudwatch, call, std::move(input.resource_arn), [&](wire::Map<std::string>& tags) -> Result<void> {
    for (const auto& tag : added) tags[tag.key] = tag.value;
    if (tags.size() > limits::tags_max) return fail(invalid_value(fmt::format("An alarm can have at most {} tags.", limits::tags_max)));
    return {};
  });
  co_return TagResourceOutput();
}

}  // namespace outcrop::cloudwatch
