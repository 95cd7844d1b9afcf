#include "services/bedrock/resource/tags.h"

#include <fmt/format.h>

#include <set>

#include "base/encoding.h"
#include "gen/bedrock/errors.h"
#include "services/bedrock/limits.h"
#include "services/bedrock/resource/resource_name.h"

namespace outcrop::bedrock {

namespace {

Result<void> check_key(std::string_view key, std::set<std::string_view>& seen) {
  if (ascii_lower(key).starts_with("aws:"))
    return fail(validation_exception(fmt::format("The tag key {} is reserved: it begins with aws:.", key)));
  if (!seen.insert(key).second) return fail(validation_exception(fmt::format("The tag key {} is there more than once.", key)));
  return {};
}

}  // namespace

Result<void> add_tags(wire::Map<std::string>& tags, const std::vector<Tag>& added, std::string_view resource) {
  std::set<std::string_view> seen;
  for (const Tag& tag : added) {
    if (auto usable = check_key(tag.key, seen); !usable) return usable;
    tags[tag.key] = tag.value;
  }
  if (tags.size() <= limits::tags_max) return {};
  return fail(TooManyTagsException{
      .message = fmt::format("{} would have {} tags; a resource has at most {}.", resource, tags.size(), limits::tags_max),
      .resource_name = std::string(resource)});
}

Result<ProfileIdentifier> read_tagged_resource(const Bedrock& bedrock, const Call& call, std::string_view arn) {
  const std::optional<ResourceName> name = parse_resource_name(arn);
  if (!name) return fail(validation_exception("The provided resource ARN is invalid."));
  if (name->kind != application_profile_kind && name->kind != system_profile_kind)
    return fail(resource_not_found_exception(fmt::format("The resource {} was not found.", arn)));
  return read_profile_identifier(bedrock.catalog(), call, arn);
}

Result<ProfileIdentifier> read_taggable_resource(const Bedrock& bedrock, const Call& call, std::string_view arn) {
  Result<ProfileIdentifier> identifier = read_tagged_resource(bedrock, call, arn);
  if (identifier && identifier->system_defined)
    return fail(validation_exception("Inference profiles that Amazon Bedrock defines cannot be tagged."));
  return identifier;
}

}  // namespace outcrop::bedrock
