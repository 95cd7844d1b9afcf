#include "services/lambda/mapping/filter.h"

#include <algorithm>
#include <optional>

#include "gen/lambda/errors.h"

namespace outcrop::lambda {

namespace {

Fault no_filter_pattern() { return invalid_parameter_value_exception("Invalid filter pattern definition."); }

struct Wanted {
  bool text = false, json = false;
};

// What a pattern wants of the body, wherever it says so: at the top, by a path with dots, and in the alternatives of "$or".
void find_wanted(const json::Value& pattern, Wanted& wanted) {
  if (!pattern.is_object()) return;
  for (const json::Member& member : pattern.as_object()) {
    if (member.name() == "$or" && member.value.is_array())
      for (const json::Value& alternative : member.value.as_array()) find_wanted(alternative, wanted);
    if (member.name() == "body") (member.value.is_object() ? wanted.json : wanted.text) = true;
    if (member.name().starts_with("body.")) wanted.json = true;
  }
}

// The body when it is JSON.
std::optional<json::Value> structured(std::string_view body) {
  auto parsed = json::parse(body);
  if (!parsed || !(parsed->is_object() || parsed->is_array())) return std::nullopt;
  return std::move(*parsed);
}

}  // namespace

Result<MappingFilter> MappingFilter::parse(std::span<const std::string> patterns) {
  MappingFilter filter;
  for (const std::string& text : patterns) {
    auto pattern = expr::EventPattern::parse(text);
    if (!pattern) return fail(no_filter_pattern());
    auto parsed = json::parse(text);
    if (!parsed) return fail(no_filter_pattern());
    Wanted wanted;
    find_wanted(*parsed, wanted);
    filter.filters_.push_back({std::move(*pattern), wanted.text, wanted.json});
  }
  return filter;
}

bool MappingFilter::matches(std::string_view record, std::string_view body) const {
  if (wants_all()) return true;
  auto as_text = json::parse(record);
  check(as_text && as_text->is_object(), "a record of an event is an object");
  std::optional<json::Value> as_json;
  if (std::optional<json::Value> inside = structured(body)) {
    as_json = *as_text;
    as_json->as_object().set("body", std::move(*inside));
  }
  return std::ranges::any_of(filters_, [&](const Filter& filter) { return matches(filter, *as_text, as_json ? &*as_json : nullptr); });
}

bool MappingFilter::matches(const Filter& filter, const json::Value& as_text, const json::Value* as_json) {
  if (filter.wants_json && as_json) return filter.pattern.matches(*as_json);
  if (filter.wants_text && !as_json) return filter.pattern.matches(as_text);
  return !filter.wants_json && !filter.wants_text && filter.pattern.matches(as_text);
}

}  // namespace outcrop::lambda
