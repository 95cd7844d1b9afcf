// A JSONPath as it is evaluated: segments one after another, each of selectors; and the conditions of filters.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "expr/regular_expression.h"
#include "json/json.h"

namespace outcrop::expr {

struct FilterCondition;

struct NameSelector {
  std::string name;
};
struct IndexSelector {
  int64_t index;  // from the end when negative
};
struct SliceSelector {
  std::optional<int64_t> start, end;
  int64_t step = 1;
};
struct WildcardSelector {};
struct FilterSelector {
  std::shared_ptr<const FilterCondition> condition;
};
using PathSelector = std::variant<NameSelector, IndexSelector, SliceSelector, WildcardSelector, FilterSelector>;

struct PathSegment {
  bool descendants = false;  // applied to a value and to all within it
  std::vector<PathSelector> selectors;
};

// What Jayway puts behind a path: "$.prices.max()".
enum class PathFunction : uint8_t { none, length, size, keys, min, max, avg, sum, stddev, first, last };

struct PathQuery {
  bool from_current = false;  // '@', not '$'
  std::vector<PathSegment> segments;
  PathFunction function = PathFunction::none;

  // At most one value, whatever the document.
  bool is_singular() const {
    for (const PathSegment& segment : segments)
      if (segment.descendants || segment.selectors.size() != 1 || segment.selectors.front().index() > 1) return false;
    return true;
  }
};

struct FilterCall;
using FilterOperand = std::variant<json::Value, PathQuery, std::shared_ptr<const FilterCall>>;

// RFC 9535's functions.
enum class FilterFunction : uint8_t { length, count, value, match, search };
struct FilterCall {
  FilterFunction function;
  std::vector<FilterOperand> arguments;
  std::optional<RegularExpression> expression;  // of match and search, where it is written in the path
};

// RFC 9535's six, then Jayway's.
enum class FilterOperator : uint8_t {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  matches,
  in,
  not_in,
  contains,
  subset_of,
  any_of,
  none_of,
  size,
  empty
};

struct FilterCondition {
  enum class Kind : uint8_t { any, all, negation, existence, comparison } kind;
  std::vector<FilterCondition> conditions = {};  // of any, all, negation
  std::vector<FilterOperand> operands = {};      // one of existence, two of comparison
  FilterOperator comparison = FilterOperator::equal;
  std::optional<RegularExpression> expression = {};  // of "=~"
};

}  // namespace outcrop::expr
