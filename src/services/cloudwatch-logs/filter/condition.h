// Conditions of filter patterns: a comparison of one value with what the pattern says, and trees of them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/cloudwatch-logs/filter/regular_expression.h"

namespace outcrop::cloudwatch_logs {

// What a value is compared with.
struct Literal {
  std::string text;                             // may begin and end with '*'
  std::optional<double> number = std::nullopt;  // of a text that is one, without quotes
  std::optional<RegularExpression> expression = std::nullopt;
};

enum class Comparison : uint8_t { equal, not_equal, less, less_equal, greater, greater_equal, is_null, is_true, is_false, not_exists };

// Whether the comparison, one of the first six, holds for a value of that text, which is a number where there is one.
bool compare(Comparison comparison, const Literal& literal, std::string_view text, std::optional<double> number);

// The number that a text is as a whole: an optional sign, digits, a fraction, an exponent.
std::optional<double> number_of(std::string_view text);

// A step of a selector into a JSON value: a member's name, or an index of an array.
using SelectorStep = std::variant<std::string, size_t>;

struct Condition {
  enum class Kind : uint8_t { all, any, test };
  Kind kind = Kind::test;
  std::vector<Condition> parts;  // of all and any

  std::vector<SelectorStep> selector;  // of a test on JSON; a test on a field is about that field
  Comparison comparison = Comparison::equal;
  Literal literal;
};

// Whether it holds; test(condition) says so of each test.
template <class F>
bool holds(const Condition& condition, const F& test) {
  switch (condition.kind) {
    case Condition::Kind::all:
      for (const Condition& part : condition.parts)
        if (!holds(part, test)) return false;
      return true;
    case Condition::Kind::any:
      for (const Condition& part : condition.parts)
        if (holds(part, test)) return true;
      return false;
    default:
      return test(condition);
  }
}

}  // namespace outcrop::cloudwatch_logs
