#include "services/apigatewayv2/parts/parameter_mappings.h"

#include <fmt/format.h>

#include <algorithm>

#include "gen/apigatewayv2/errors.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view mapping_sources[] = {"route.request.", "integration.response.", "context.", "stageVariables."};

Fault no_mapping(std::string_view text) {
  return bad_request_exception(
      fmt::format("Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping "
                  "expression specified: {}]",
                  text));
}

bool is_source(std::string_view text) {
  if (text.starts_with('\'')) return text.size() >= 2 && text.ends_with('\'');
  return std::ranges::any_of(mapping_sources,
                             [&](std::string_view prefix) { return text.starts_with(prefix) && text.size() > prefix.size(); });
}

}  // namespace

Result<void> check_mappings(const std::optional<wire::Map<std::string>>& mappings, std::string_view destination) {
  if (!mappings) return {};
  for (const auto& [key, value] : *mappings) {
    if (!key.starts_with(destination) || key.size() == destination.size()) return fail(no_mapping(key));
    if (!is_source(value)) return fail(no_mapping(value));
  }
  return {};
}

}  // namespace outcrop::apigatewayv2
