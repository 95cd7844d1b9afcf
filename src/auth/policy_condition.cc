#include "auth/policy_condition.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "auth/policy_pattern.h"
#include "auth/time_text.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

using enum ConditionOperator;

struct OperatorName {
  std::string_view name;
  ConditionOperator comparison;
  bool negated = false;
};

constexpr auto operator_names = std::to_array<OperatorName>({
    {"StringEquals", string_equals},
    {"StringNotEquals", string_equals, true},
    {"StringEqualsIgnoreCase", string_equals_ignore_case},
    {"StringNotEqualsIgnoreCase", string_equals_ignore_case, true},
    {"StringLike", string_like},
    {"StringNotLike", string_like, true},
    {"NumericEquals", numeric_equals},
    {"NumericNotEquals", numeric_equals, true},
    {"NumericLessThan", numeric_less_than},
    {"NumericLessThanEquals", numeric_less_than_equals},
    {"NumericGreaterThan", numeric_greater_than},
    {"NumericGreaterThanEquals", numeric_greater_than_equals},
    {"DateEquals", date_equals},
    {"DateNotEquals", date_equals, true},
    {"DateLessThan", date_less_than},
    {"DateLessThanEquals", date_less_than_equals},
    {"DateGreaterThan", date_greater_than},
    {"DateGreaterThanEquals", date_greater_than_equals},
    {"Bool", boolean},
    {"BinaryEquals", binary_equals},
    {"IpAddress", ip_address},
    {"NotIpAddress", ip_address, true},
    {"ArnEquals", arn_like},
    {"ArnLike", arn_like},
    {"ArnNotEquals", arn_like, true},
    {"ArnNotLike", arn_like, true},
    {"Null", null},
});

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<bool> parse_truth(std::string_view text) {
  if (ascii_equal_ignoring_case(text, "true")) return true;
  if (ascii_equal_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

struct AddressRange {
  std::array<uint8_t, 16> bytes = {};  // IPv4 in the first four
  size_t bits = 0;                     // of the address: 32 or 128
  size_t prefix_bits = 0;
};

std::optional<AddressRange> parse_address_range(std::string_view text) {
  AddressRange range;
  size_t slash = std::min(text.find('/'), text.size());
  std::string address(text.substr(0, slash));
  // A dual-stack socket shows IPv4 clients as ::ffff:192.0.2.1.
  if (ascii_equal_ignoring_case(std::string_view(address).substr(0, 7), "::ffff:") && address.find('.') != std::string::npos)
    address.erase(0, 7);
  if (inet_pton(AF_INET, address.c_str(), range.bytes.data()) == 1)
    range.bits = 32;
  else if (inet_pton(AF_INET6, address.c_str(), range.bytes.data()) == 1)
    range.bits = 128;
  else
    return std::nullopt;
  range.prefix_bits = range.bits;
  if (slash == text.size()) return range;
  std::string_view prefix = text.substr(slash + 1);
  auto [end, problem] = std::from_chars(prefix.data(), prefix.data() + prefix.size(), range.prefix_bits);
  if (problem != std::errc() || end != prefix.data() + prefix.size() || range.prefix_bits > range.bits) return std::nullopt;
  return range;
}

bool is_within(const AddressRange& address, const AddressRange& range) {
  if (address.bits != range.bits) return false;
  size_t whole = range.prefix_bits / 8, rest = range.prefix_bits % 8;
  if (std::memcmp(address.bytes.data(), range.bytes.data(), whole) != 0) return false;
  if (rest == 0) return true;
  auto mask = uint8_t(0xff << (8 - rest));
  return (address.bytes[whole] & mask) == (range.bytes[whole] & mask);
}

// Both sides as T; what cannot be read as one matches nothing.
template <class Parse, class Compare>
bool compare_parsed(std::string_view actual, std::string_view wanted, Parse parse, Compare compare) {
  auto a = parse(actual), b = parse(wanted);
  return a && b && compare(*a, *b);
}

bool matches_value(const Condition& condition, std::string_view wanted, std::string_view actual, const PolicyContext& context,
                   bool with_variables) {
  auto as_pattern = [&](auto member) {
    std::optional<Pattern> pattern = with_variables ? Pattern::expand(wanted, context) : Pattern::plain(wanted);
    return pattern && ((*pattern).*member)(actual);
  };
  switch (condition.comparison) {
    case string_equals:
      return as_pattern(&Pattern::equals);
    case string_equals_ignore_case:
      return as_pattern(&Pattern::equals_ignoring_case);
    case string_like:
      return as_pattern(&Pattern::matches);
    case arn_like:
      return as_pattern(&Pattern::matches_arn);
    case numeric_equals:
      return compare_parsed(actual, wanted, parse_number, std::equal_to<>());
    case numeric_less_than:
      return compare_parsed(actual, wanted, parse_number, std::less<>());
    case numeric_less_than_equals:
      return compare_parsed(actual, wanted, parse_number, std::less_equal<>());
    case numeric_greater_than:
      return compare_parsed(actual, wanted, parse_number, std::greater<>());
    case numeric_greater_than_equals:
      return compare_parsed(actual, wanted, parse_number, std::greater_equal<>());
    case date_equals:
      return compare_parsed(actual, wanted, parse_condition_date, std::equal_to<>());
    case date_less_than:
      return compare_parsed(actual, wanted, parse_condition_date, std::less<>());
    case date_less_than_equals:
      return compare_parsed(actual, wanted, parse_condition_date, std::less_equal<>());
    case date_greater_than:
      return compare_parsed(actual, wanted, parse_condition_date, std::greater<>());
    case date_greater_than_equals:
      return compare_parsed(actual, wanted, parse_condition_date, std::greater_equal<>());
    case boolean:
      return compare_parsed(actual, wanted, parse_truth, std::equal_to<>());
    case binary_equals:
      return compare_parsed(actual, wanted, [](std::string_view text) { return unbase64(text); }, std::equal_to<>());
    case ip_address:
      return compare_parsed(actual, wanted, parse_address_range, is_within);
    case null:
      return false;  // holds() answers it: it is about presence, not values
  }
  return false;
}

bool is_arn_pattern(std::string_view text) { return text.starts_with('*') || text.starts_with("arn:"); }

}  // namespace

std::optional<Condition> parse_condition_operator(std::string_view name) {
  static constexpr std::string_view for_all = "ForAllValues:", for_any = "ForAnyValue:", if_exists = "IfExists";
  Condition condition;
  if (name.starts_with(for_all)) {
    condition.qualifier = SetQualifier::for_all_values;
    name.remove_prefix(for_all.size());
  } else if (name.starts_with(for_any)) {
    condition.qualifier = SetQualifier::for_any_value;
    name.remove_prefix(for_any.size());
  }
  if (name.ends_with(if_exists)) {
    condition.if_exists = true;
    name.remove_suffix(if_exists.size());
  }
  for (const OperatorName& known : operator_names) {
    if (known.name != name) continue;
    if (known.comparison == null && (condition.if_exists || condition.qualifier != SetQualifier::none)) return std::nullopt;
    condition.comparison = known.comparison;
    condition.negated = known.negated;
    return condition;
  }
  return std::nullopt;
}

bool is_condition_value(ConditionOperator comparison, std::string_view value) {
  switch (comparison) {
    case string_equals:
    case string_equals_ignore_case:
    case string_like:
      return true;
    case numeric_equals:
    case numeric_less_than:
    case numeric_less_than_equals:
    case numeric_greater_than:
    case numeric_greater_than_equals:
      return parse_number(value).has_value();
    case date_equals:
    case date_less_than:
    case date_less_than_equals:
    case date_greater_than:
    case date_greater_than_equals:
      return parse_condition_date(value).has_value();
    case boolean:
    case null:
      return parse_truth(value).has_value();
    case binary_equals:
      return unbase64(value).has_value();
    case ip_address:
      return parse_address_range(value).has_value();
    case arn_like:
      return is_arn_pattern(value) || value.find("${") != std::string_view::npos;
  }
  return false;
}

bool holds(const Condition& condition, const PolicyContext& context, bool with_variables) {
  const PolicyContext::Values* actual = context.find(condition.key);
  bool is_present = actual != nullptr && !actual->empty();
  if (condition.comparison == null) {
    return std::ranges::any_of(condition.values, [&](const std::string& value) { return parse_truth(value) == !is_present; });
  }
  // The negation is part of each comparison: ForAnyValue:StringNotEquals asks for one value that is none of those listed.
  auto satisfies = [&](const std::string& value) {
    bool listed = std::ranges::any_of(
        condition.values, [&](const std::string& wanted) { return matches_value(condition, wanted, value, context, with_variables); });
    return listed != condition.negated;
  };
  switch (condition.qualifier) {
    case SetQualifier::for_all_values:
      return !is_present || std::ranges::all_of(*actual, satisfies);
    case SetQualifier::for_any_value:
      if (!is_present) return condition.if_exists;
      return std::ranges::any_of(*actual, satisfies);
    case SetQualifier::none:
      if (!is_present) return condition.if_exists || condition.negated;
      return condition.negated ? std::ranges::all_of(*actual, satisfies) : std::ranges::any_of(*actual, satisfies);
  }
  return false;
}

}  // namespace outcrop::auth
