#include "services/dynamodb/table/tags.h"

#include <fmt/format.h>

#include <set>

#include "services/dynamodb/limits.h"

namespace outcrop::dynamodb {

Result<void> add_tags(wire::Map<std::string>& tags, const std::vector<Tag>& added) {
  std::set<std::string_view> seen;
  for (const Tag& tag : added) {
    if (!seen.insert(tag.key).second)
      return fail("ValidationException", 400, "One or more parameter values were invalid: Duplicate tag key: " + tag.key);
    tags[tag.key] = tag.value;
  }
  if (tags.size() <= limits::tags_max) return {};
  return fail("ValidationException", 400, fmt::format("Too many tags: a table has {} at the most", limits::tags_max));
}

Result<std::string> table_in_arn(const Call& call, std::string_view arn) {
  const std::string own_prefix = fmt::format("arn:aws:dynamodb:{}:{}:table/", call.region, call.account());
  if (!arn.starts_with("arn:aws:dynamodb:"))
    return fail("ValidationException", 400, fmt::format("Invalid TableArn: Invalid ResourceArn provided as input {}", arn));
  if (!arn.starts_with(own_prefix))
    return fail("AccessDeniedException", 400,
                fmt::format("User: {} is not authorized to perform: dynamodb:{} on resource: {}", call.identity.arn, call.operation, arn));
  return std::string(arn.substr(own_prefix.size()));
}

}  // namespace outcrop::dynamodb
