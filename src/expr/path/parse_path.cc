#include "expr/path/parse_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "expr/limits.h"
#include "expr/path/path_scanner.h"
#include "expr/text.h"

namespace outcrop::expr {
namespace {

template <class T>
struct Named {
  std::string_view name;
  T value;
};

constexpr auto path_functions = std::to_array<Named<PathFunction>>({
    {"length", PathFunction::length},
    {"size", PathFunction::size},
    {"keys", PathFunction::keys},
    {"min", PathFunction::min},
    {"max", PathFunction::max},
    {"avg", PathFunction::avg},
    {"sum", PathFunction::sum},
    {"stddev", PathFunction::stddev},
    {"first", PathFunction::first},
    {"last", PathFunction::last},
});

constexpr auto filter_functions = std::to_array<Named<FilterFunction>>({
    {"length", FilterFunction::length},
    {"count", FilterFunction::count},
    {"value", FilterFunction::value},
    {"match", FilterFunction::match},
    {"search", FilterFunction::search},
});

// Longer ones before those they begin with.
constexpr auto symbols = std::to_array<Named<FilterOperator>>({
    {"==", FilterOperator::equal},
    {"!=", FilterOperator::not_equal},
    {"<=", FilterOperator::less_equal},
    {">=", FilterOperator::greater_equal},
    {"=~", FilterOperator::matches},
    {"<", FilterOperator::less},
    {">", FilterOperator::greater},
});

constexpr auto words = std::to_array<Named<FilterOperator>>({
    {"in", FilterOperator::in},
    {"nin", FilterOperator::not_in},
    {"contains", FilterOperator::contains},
    {"subsetof", FilterOperator::subset_of},
    {"anyof", FilterOperator::any_of},
    {"noneof", FilterOperator::none_of},
    {"size", FilterOperator::size},
    {"empty", FilterOperator::empty},
});

template <class T, size_t N>
const T* named(const std::array<Named<T>, N>& table, std::string_view name) {
  auto found = std::ranges::find(table, name, &Named<T>::name);
  return found == table.end() ? nullptr : &found->value;
}

class PathParser {
 public:
  explicit PathParser(std::string_view text) : in_(text) {}

  std::expected<PathQuery, std::string> whole() {
    PathQuery query;
    if (!in_.take("$")) in_.refuse("a path begins with '$'");
    read_segments(query);
    if (!in_.refused() && !in_.at_end()) in_.refuse("nothing more is expected");
    if (in_.refused()) return std::unexpected(in_.problem());
    return query;
  }

 private:
  using Kind = FilterCondition::Kind;

  bool read_segments(PathQuery& query) {
    while (!in_.refused() && query.function == PathFunction::none) {
      const size_t before = in_.position();
      in_.pass_space();
      if (in_.peek() == '[') {
        read_bracket(query.segments.emplace_back());
      } else if (in_.take("..")) {
        PathSegment& segment = query.segments.emplace_back(PathSegment{.descendants = true});
        if (in_.peek() == '[')
          read_bracket(segment);
        else
          read_shorthand(query);
      } else if (in_.take(".")) {
        query.segments.emplace_back();
        if (in_.peek() == '[')
          read_bracket(query.segments.back());  // "$.['a']", as Jayway has it
        else
          read_shorthand(query);
      } else {
        in_.return_to(before);
        break;
      }
    }
    return !in_.refused();
  }

  // The name, asterisk or function behind a dot, for the last segment.
  bool read_shorthand(PathQuery& query) {
    PathSegment& segment = query.segments.back();
    if (in_.take("*")) return segment.selectors.emplace_back(WildcardSelector{}), true;
    const std::string_view name = in_.take_name();
    if (name.empty()) return in_.refuse("a name is expected");
    if (in_.peek() != '(') return segment.selectors.emplace_back(NameSelector{std::string(name)}), true;
    const PathFunction* function = named(path_functions, name);
    if (!function || !in_.take("()") || segment.descendants) return in_.refuse(fmt::format("there is no function \"{}\" of paths", name));
    query.segments.pop_back();
    query.function = *function;
    return true;
  }

  bool read_bracket(PathSegment& segment) {
    in_.pass();
    do {
      in_.pass_space();
      if (!read_selector(segment)) return false;
      in_.pass_space();
    } while (in_.take(","));
    return in_.take("]") || in_.refuse("']' is expected");
  }

  bool read_selector(PathSegment& segment) {
    const char first = in_.peek();
    if (first == '\'' || first == '"') {
      auto name = in_.take_string();
      if (name) segment.selectors.emplace_back(NameSelector{std::move(*name)});
      return name.has_value();
    }
    if (in_.take("*")) return segment.selectors.emplace_back(WildcardSelector{}), true;
    if (in_.take("?")) {
      auto condition = std::make_shared<FilterCondition>();
      if (!read_condition(*condition)) return false;
      segment.selectors.emplace_back(FilterSelector{std::move(condition)});
      return true;
    }
    return read_index_or_slice(segment);
  }

  bool read_index_or_slice(PathSegment& segment) {
    SliceSelector slice;
    if (!read_bound(slice.start)) return false;
    in_.pass_space();
    if (!in_.take(":")) {
      if (!slice.start) return in_.refuse("a name in quotes, an index, a slice, '*' or '?' is expected");
      segment.selectors.emplace_back(IndexSelector{*slice.start});
      return true;
    }
    in_.pass_space();
    if (!read_bound(slice.end)) return false;
    in_.pass_space();
    std::optional<int64_t> step;
    if (in_.take(":")) {
      in_.pass_space();
      if (!read_bound(step)) return false;
    }
    slice.step = step.value_or(1);
    segment.selectors.emplace_back(slice);
    return true;
  }

  bool read_bound(std::optional<int64_t>& bound) {
    if (in_.peek() == '-' || is_digit(in_.peek())) bound = in_.take_integer();
    return !in_.refused();
  }

  // Conditions: || over &&, over what is negated, in parentheses, compared or there.
  bool read_condition(FilterCondition& condition) {
    if (++depth_ > limits::path_depth_max) return in_.refuse("conditions are nested too deep");
    const bool is_read = read_joined(condition, Kind::any, "||", [this](FilterCondition& part) {
      return read_joined(part, Kind::all, "&&", [this](FilterCondition& single) { return read_single(single); });
    });
    --depth_;
    return is_read;
  }

  template <class ReadPart>
  bool read_joined(FilterCondition& condition, Kind kind, std::string_view symbol, ReadPart read_part) {
    FilterCondition joined{.kind = kind};
    do {
      in_.pass_space();
      if (!read_part(joined.conditions.emplace_back())) return false;
      in_.pass_space();
    } while (in_.take(symbol));
    condition = joined.conditions.size() == 1 ? FilterCondition(std::move(joined.conditions.front())) : std::move(joined);
    return true;
  }

  bool read_single(FilterCondition& condition) {
    if (in_.peek() == '!' && in_.peek(1) != '=') {
      in_.pass();
      in_.pass_space();
      FilterCondition negation{.kind = Kind::negation};
      const bool is_group = in_.peek() == '(';
      FilterCondition& negated = negation.conditions.emplace_back();
      if (!(is_group ? read_group(negated) : read_test(negated))) return false;
      if (negated.kind == Kind::comparison && !is_group) return in_.refuse("a comparison is negated in parentheses only");
      condition = std::move(negation);
      return true;
    }
    return in_.peek() == '(' ? read_group(condition) : read_test(condition);
  }

  bool read_group(FilterCondition& condition) {
    in_.pass();
    if (!read_condition(condition)) return false;
    in_.pass_space();
    return in_.take(")") || in_.refuse("')' is expected");
  }

  bool read_test(FilterCondition& condition) {
    condition.kind = Kind::existence;
    if (!read_operand(condition.operands.emplace_back())) return false;
    const size_t before = in_.position();
    in_.pass_space();
    if (auto comparison = take_operator()) return read_comparison(condition, *comparison);
    in_.return_to(before);
    const FilterOperand& tested = condition.operands.front();
    if (std::holds_alternative<json::Value>(tested)) return in_.refuse("a literal is to be compared");
    if (auto* call = std::get_if<std::shared_ptr<const FilterCall>>(&tested); call && !gives_truth(**call))
      return in_.refuse("what the function gives is to be compared");
    return true;
  }

  std::optional<FilterOperator> take_operator() {
    for (const auto& [symbol, value] : symbols)
      if (in_.take(symbol)) return value;
    const size_t before = in_.position();
    if (const FilterOperator* value = named(words, in_.take_word())) return *value;
    in_.return_to(before);
    return std::nullopt;
  }

  bool read_comparison(FilterCondition& condition, FilterOperator comparison) {
    condition.kind = Kind::comparison;
    condition.comparison = comparison;
    in_.pass_space();
    if (comparison == FilterOperator::matches) {
      auto expression = in_.take_expression();
      return expression && is_comparable(condition.operands.front()) && compile(*expression, condition.expression);
    }
    if (!read_operand(condition.operands.emplace_back())) return false;
    return std::ranges::all_of(condition.operands,
                               [&](const FilterOperand& operand) {
                                 return is_comparable(operand) ||
                                        (comparison > FilterOperator::matches && std::holds_alternative<PathQuery>(operand));
                               }) ||
           in_.refuse("what is compared is one value");
  }

  static bool gives_truth(const FilterCall& call) {
    return call.function == FilterFunction::match || call.function == FilterFunction::search;
  }

  static bool is_comparable(const FilterOperand& operand) {
    if (auto* query = std::get_if<PathQuery>(&operand)) return query->is_singular() || query->function != PathFunction::none;
    auto* call = std::get_if<std::shared_ptr<const FilterCall>>(&operand);
    return !call || !gives_truth(**call);
  }

  bool compile(const PathScanner::Expression& written, std::optional<RegularExpression>& out) {
    auto compiled = RegularExpression::compile(written.text, written.ignore_case);
    if (!compiled) return in_.refuse("a regular expression cannot be used: " + compiled.error());
    out = std::move(*compiled);
    return true;
  }

  bool read_operand(FilterOperand& operand) {
    const char first = in_.peek();
    if (first == '@' || first == '$') {
      in_.pass();
      PathQuery query{.from_current = first == '@'};
      if (++depth_ > limits::path_depth_max) return in_.refuse("paths are nested too deep");
      const bool is_read = read_segments(query);
      --depth_;
      operand = std::move(query);
      return is_read;
    }
    const size_t before = in_.position();
    if (const std::string_view word = in_.take_word(); !word.empty() && in_.peek() == '(') return read_call(word, operand);
    in_.return_to(before);
    json::Value literal;
    const bool is_read = read_literal(literal);
    operand = std::move(literal);
    return is_read;
  }

  bool read_literal(json::Value& literal) {
    const char first = in_.peek();
    if (first == '\'' || first == '"') {
      auto text = in_.take_string();
      if (text) literal = json::Value(*text);
      return text.has_value();
    }
    if (first == '[') return read_list(literal);
    if (first == '-' || is_digit(first)) {
      auto number = in_.take_number();
      if (number) literal = std::move(*number);
      return number.has_value();
    }
    const std::string_view word = in_.take_word();
    if (word != "true" && word != "false" && word != "null") return in_.refuse("a value, a path or a function is expected");
    literal = word == "null" ? json::Value() : json::Value(word == "true");
    return true;
  }

  bool read_list(json::Value& literal) {
    if (++depth_ > limits::path_depth_max) return in_.refuse("lists are nested too deep");
    literal = json::Value::array();
    in_.pass();
    in_.pass_space();
    for (bool more = in_.peek() != ']'; more; more = in_.take(",")) {
      in_.pass_space();
      if (!read_literal(literal.as_array().emplace_back())) return false;
      in_.pass_space();
    }
    --depth_;
    return in_.take("]") || in_.refuse("']' is expected");
  }

  bool read_call(std::string_view name, FilterOperand& operand) {
    const FilterFunction* function = named(filter_functions, name);
    if (!function) return in_.refuse(fmt::format("there is no function \"{}\"", name));
    if (++depth_ > limits::path_depth_max) return in_.refuse("functions are nested too deep");
    FilterCall call{.function = *function};
    in_.pass();
    in_.pass_space();
    for (bool more = in_.peek() != ')'; more; more = in_.take(",")) {
      in_.pass_space();
      if (!read_operand(call.arguments.emplace_back())) return false;
      in_.pass_space();
    }
    --depth_;
    if (!in_.take(")")) return in_.refuse("')' is expected");
    if (!check_arguments(call)) return in_.refuse(fmt::format("the function \"{}\" takes other arguments", name));
    if (gives_truth(call))
      if (auto* text = std::get_if<json::Value>(&call.arguments[1]); text && text->is_string())
        if (auto compiled = RegularExpression::compile(text->as_string())) call.expression = std::move(*compiled);
    operand = std::make_shared<const FilterCall>(std::move(call));
    return true;
  }

  static bool check_arguments(const FilterCall& call) {
    if (call.arguments.size() != (gives_truth(call) ? 2u : 1u)) return false;
    if (call.function == FilterFunction::count || call.function == FilterFunction::value)
      return std::holds_alternative<PathQuery>(call.arguments.front());
    return std::ranges::all_of(call.arguments, is_comparable);
  }

  PathScanner in_;
  size_t depth_ = 0;
};

}  // namespace

std::expected<PathQuery, std::string> parse_path(std::string_view text) {
  if (text.size() > limits::path_bytes_max) return std::unexpected(fmt::format("the path is longer than {} bytes", limits::path_bytes_max));
  return PathParser(text).whole();
}

}  // namespace outcrop::expr
