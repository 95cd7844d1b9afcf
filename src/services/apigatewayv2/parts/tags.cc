#include "services/apigatewayv2/parts/tags.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

namespace {

Result<void> check_tag(const std::string& key, const std::string& value) {
  if (ascii_lower(key).starts_with("aws:"))
    return fail(bad_request_exception(fmt::format("Invalid tag key: {}. Tag keys cannot start with aws:", key)));
  if (key.empty() || key.size() > limits::tag_key_bytes_max)
    return fail(bad_request_exception(fmt::format("Tag keys have 1 to {} characters.", limits::tag_key_bytes_max)));
  if (value.size() > limits::tag_value_bytes_max)
    return fail(
        bad_request_exception(fmt::format("The value of the tag {} has more than {} characters.", key, limits::tag_value_bytes_max)));
  return {};
}

}  // namespace

Result<void> add_tags(wire::Map<std::string>& tags, const std::optional<wire::Map<std::string>>& added) {
  if (!added) return {};
  for (const auto& [key, value] : *added) {
    if (Result<void> usable = check_tag(key, value); !usable) return usable;
    tags[key] = value;
  }
  if (tags.size() <= limits::tags_max) return {};
  return fail(bad_request_exception(fmt::format("A resource has at most {} tags.", limits::tags_max)));
}

void remove_tags(wire::Map<std::string>& tags, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) tags.erase(key);
}

}  // namespace outcrop::apigatewayv2
