#include "gateway/mapping/value_mapping.h"

#include <fmt/format.h>

namespace outcrop::gateway {

namespace {

constexpr std::string_view route_prefix = "route.";  // of what selection expressions know without it

// Mappings name what selection expressions do.
std::string expression_of(std::string_view mapping) {
  if (mapping.size() < 2 || !mapping.starts_with('\'') || !mapping.ends_with('\'')) {
    if (mapping.starts_with(route_prefix)) mapping.remove_prefix(route_prefix.size());
    return fmt::format("${{{}}}", mapping);
  }
  std::string literal;
  for (char c : mapping.substr(1, mapping.size() - 2)) {
    if (c == '$') literal += '\\';
    literal += c;
  }
  return literal;
}

std::optional<ParameterTarget> target_of(ParameterMappings::Side side, std::string_view text) {
  struct Prefix {
    std::string_view text;
    ParameterTarget::Place place;
    ParameterMappings::Side side;
  };
  using enum ParameterTarget::Place;
  using enum ParameterMappings::Side;
  static constexpr Prefix prefixes[] = {{"integration.request.header.", header, integration_request},
                                        {"integration.request.querystring.", querystring, integration_request},
                                        {"integration.request.path.", path, integration_request},
                                        {"route.response.header.", header, route_response}};
  for (const Prefix& prefix : prefixes) {
    if (prefix.side == side && text.starts_with(prefix.text) && text.size() > prefix.text.size())
      return ParameterTarget{prefix.place, std::string(text.substr(prefix.text.size()))};
  }
  return std::nullopt;
}

}  // namespace

Result<ValueMapping> ValueMapping::parse(std::string_view text) {
  Result<expr::SelectionExpression> expression = expr::SelectionExpression::parse(expression_of(text));
  if (!expression) return fail(std::move(expression.error()));
  return ValueMapping(std::move(*expression));
}

// A variable that is not there is an empty text; so is a static one that is meant to be empty, which says as little.
std::optional<std::string> ValueMapping::value(const expr::SelectionSource& source) const {
  std::optional<std::string> text = expression_.evaluate(source);
  return text && !text->empty() ? std::move(text) : std::nullopt;
}

ParameterMappings::ParameterMappings(Side side, const wire::Map<std::string>& mappings) {
  for (const auto& [target_text, source_text] : mappings) {
    std::optional<ParameterTarget> target = target_of(side, target_text);
    Result<ValueMapping> source = ValueMapping::parse(source_text);
    if (!target || !source) {
      problem_ = fmt::format("Invalid mapping expression specified: {} from {}.", target_text, source_text);
      continue;
    }
    entries_.push_back({std::move(*target), std::move(*source)});
  }
}

std::vector<ParameterMappings::Value> ParameterMappings::values(const expr::SelectionSource& source) const {
  std::vector<Value> values;
  for (const Entry& entry : entries_) {
    if (auto text = entry.source.value(source)) values.push_back({entry.target, std::move(*text)});
  }
  return values;
}

}  // namespace outcrop::gateway
