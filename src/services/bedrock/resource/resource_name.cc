#include "services/bedrock/resource/resource_name.h"

#include <fmt/format.h>

#include "base/arn.h"

namespace outcrop::bedrock {

std::optional<ResourceName> parse_resource_name(std::string_view text) {
  const std::optional<Arn> arn = parse_arn(text);
  if (!arn || !arn->partition.starts_with("aws") || arn->service != "bedrock") return std::nullopt;
  const size_t slash = arn->resource.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return ResourceName{arn->region, arn->account, arn->resource.substr(0, slash), arn->resource.substr(slash + 1)};
}

std::string foundation_model_arn(std::string_view region, std::string_view id) {
  return fmt::format("arn:aws:bedrock:{}::{}/{}", region, foundation_model_kind, id);
}

std::string profile_arn(std::string_view kind, std::string_view region, std::string_view account, std::string_view id) {
  return fmt::format("arn:aws:bedrock:{}:{}:{}/{}", region, account, kind, id);
}

}  // namespace outcrop::bedrock
