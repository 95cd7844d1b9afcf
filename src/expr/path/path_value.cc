#include "expr/path/path_value.h"

#include <algorithm>

namespace outcrop::expr {
namespace {

using json::Value;

bool is_less(const Value& left, const Value& right) {
  if (left.is_string() && right.is_string()) return left.as_string() < right.as_string();
  const auto a = left.as_double(), b = right.as_double();
  return a && b && *a < *b;
}

bool has_element(const Value& list, const Value& element) {
  return list.is_array() && std::ranges::find(list.as_array(), element) != list.as_array().end();
}

size_t shared_elements(const Value& from, const Value& list) {
  return size_t(std::ranges::count_if(from.as_array(), [&](const Value& element) { return has_element(list, element); }));
}

// Jayway, Operators: in, nin, contains, subsetof, anyof, noneof, size, empty.
bool compares_as_jayway(FilterOperator comparison, const Value& left, const Value& right) {
  const bool two_lists = left.is_array() && right.is_array();
  switch (comparison) {
    case FilterOperator::in:
      return has_element(right, left);
    case FilterOperator::not_in:
      return right.is_array() && !has_element(right, left);
    case FilterOperator::contains:
      if (left.is_string() && right.is_string()) return left.as_string().contains(right.as_string());
      return has_element(left, right);
    case FilterOperator::subset_of:
      return two_lists && shared_elements(left, right) == left.as_array().size();
    case FilterOperator::any_of:
      return two_lists && shared_elements(left, right) > 0;
    case FilterOperator::none_of:
      return two_lists && shared_elements(left, right) == 0;
    case FilterOperator::size: {
      auto length = length_of(left), wanted = right.is_array() ? length_of(right) : right;
      return length && !left.is_object() && length == wanted;
    }
    case FilterOperator::empty: {
      auto length = length_of(left);
      return length && right.is_bool() && (length == Value(0)) == right.as_bool();
    }
    default:
      return false;
  }
}

}  // namespace

size_t size_of(const Value& value) {
  constexpr size_t bytes_a_step = 100;
  size_t size = 1;
  if (value.is_string()) size += value.as_string().size() / bytes_a_step;
  if (value.is_array())
    for (const Value& element : value.as_array()) size += size_of(element);
  if (value.is_object())
    for (const json::Member& member : value.as_object()) size += size_of(member.value) + member.name().size() / bytes_a_step;
  return size;
}

std::optional<Value> length_of(const Value& value) {
  if (value.is_array()) return Value(value.as_array().size());
  if (value.is_object()) return Value(value.as_object().size());
  if (!value.is_string()) return std::nullopt;
  return Value(size_t(std::ranges::count_if(value.as_string(), [](char byte) { return (uint8_t(byte) & 0xc0) != 0x80; })));
}

bool compares(FilterOperator comparison, const std::optional<Value>& left, const std::optional<Value>& right) {
  switch (comparison) {
    case FilterOperator::equal:
      return left == right;
    case FilterOperator::not_equal:
      return !(left == right);
    case FilterOperator::less:
      return left && right && is_less(*left, *right);
    case FilterOperator::less_equal:
      return left == right || (left && right && is_less(*left, *right));
    case FilterOperator::greater:
      return left && right && is_less(*right, *left);
    case FilterOperator::greater_equal:
      return left == right || (left && right && is_less(*right, *left));
    default:
      return left && right && compares_as_jayway(comparison, *left, *right);
  }
}

}  // namespace outcrop::expr
