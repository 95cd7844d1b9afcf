// How messages are matched.
#include <algorithm>

#include "json/json.h"
#include "services/cloudwatch-logs/filter/characters.h"
#include "services/cloudwatch-logs/filter/filter_pattern.h"
#include "services/cloudwatch-logs/limits.h"

namespace outcrop::cloudwatch_logs {
namespace {

bool occurs(const Term& term, std::string_view message) {
  return term.expression ? term.expression->matches(message) : message.contains(term.text);
}

bool match(const Terms& terms, std::string_view message) {
  auto is_in = [&](const Term& term) { return occurs(term, message); };
  if (std::ranges::any_of(terms.excluded, is_in) || !std::ranges::all_of(terms.required, is_in)) return false;
  // Beside other terms, optional ones are ignored (Guide, "Match any terms").
  const bool is_choice = !terms.optional.empty() && terms.required.empty() && terms.excluded.empty();
  return !is_choice || std::ranges::any_of(terms.optional, is_in);
}

const json::Value* select(const json::Value& message, const std::vector<SelectorStep>& selector) {
  const json::Value* at = &message;
  for (const SelectorStep& step : selector) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      at = at->find(*name);
    } else {
      const size_t index = std::get<size_t>(step);
      at = at->is_array() && index < at->as_array().size() ? &at->as_array()[index] : nullptr;
    }
    if (!at) return nullptr;
  }
  return at;
}

bool test(const Condition& condition, const json::Value& message) {
  const json::Value* value = select(message, condition.selector);
  switch (condition.comparison) {
    case Comparison::not_exists:
      return !value;
    case Comparison::is_null:
      return value && value->is_null();
    case Comparison::is_true:
      return value && value->is_bool() && value->as_bool();
    case Comparison::is_false:
      return value && value->is_bool() && !value->as_bool();
    default:
      break;
  }
  if (value && value->is_string()) return compare(condition.comparison, condition.literal, value->as_string(), std::nullopt);
  if (value && value->is_number()) return compare(condition.comparison, condition.literal, value->number_text(), value->as_double());
  return false;  // neither is equal to anything nor differs from it
}

bool match(const JsonCondition& pattern, std::string_view message) {
  const size_t begin = message.find_first_not_of(" \t\r\n");
  if (begin == message.npos || message[begin] != '{') return false;
  const auto value = json::parse(message, {.values = limits::json_values_max});
  if (!value) return false;
  return holds(pattern.condition, [&](const Condition& condition) { return test(condition, *value); });
}

bool match(const Fields& pattern, std::string_view message) {
  const std::vector<std::string_view> fields = fields_of(message);
  const size_t wanted = pattern.fields.size();
  if (pattern.ellipsis ? fields.size() < wanted : fields.size() != wanted) return false;
  const size_t skipped = fields.size() - wanted;
  for (size_t i = 0; i < wanted; ++i) {
    if (!pattern.fields[i]) continue;
    const std::string_view field = fields[i + (pattern.ellipsis && i >= *pattern.ellipsis ? skipped : 0)];
    auto test_field = [&](const Condition& condition) { return compare(condition.comparison, condition.literal, field, number_of(field)); };
    if (!holds(*pattern.fields[i], test_field)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string_view> fields_of(std::string_view message) {
  std::vector<std::string_view> fields;
  for (size_t at = 0; at < message.size();) {
    if (ascii_space(message[at])) {
      ++at;
      continue;
    }
    const char closing = message[at] == '"' ? '"' : message[at] == '[' ? ']' : ' ';
    if (const size_t end = closing == ' ' ? message.npos : message.find(closing, at + 1); end != message.npos) {
      fields.push_back(message.substr(at + 1, end - at - 1));
      at = end + 1;
      continue;
    }
    size_t end = at;
    while (end < message.size() && !ascii_space(message[end])) ++end;
    fields.push_back(message.substr(at, end - at));
    at = end;
  }
  return fields;
}

bool FilterPattern::matches(std::string_view message) const {
  return std::visit([&](const auto& parts) { return match(parts, message); }, parts_);
}

}  // namespace outcrop::cloudwatch_logs
