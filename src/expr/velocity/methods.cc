#include "expr/velocity/methods.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "expr/text.h"

namespace outcrop::expr::velocity {
namespace {

// Integer.parseInt() and Long.parseLong(); none where Java throws.
std::optional<int64_t> parsed_integer(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

std::optional<double> parsed_double(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

Value call_loop_method(const Loop& loop, std::string_view name) {
  if (name == "hasNext" || name == "getHasNext") return loop.has_next;
  if (name == "index" || name == "getIndex") return int64_t(loop.index);
  if (name == "count" || name == "getCount") return int64_t(loop.index) + 1;
  if (name == "first" || name == "isFirst") return loop.index == 0;
  if (name == "last" || name == "isLast") return !loop.has_next;
  if (name == "parent" || name == "getParent") return loop.parent ? Value(loop.parent) : Value();
  if (name == "topmost" || name == "getTopmost") {
    const Loop* topmost = &loop;
    while (topmost->parent) topmost = topmost->parent;
    return topmost;
  }
  return {};
}

Value call_iterator_method(Iterator& iterator, std::string_view name) {
  const bool has_next = iterator.next < iterator.list->elements.size();
  if (name == "hasNext") return has_next;
  if (name == "next" && has_next) return iterator.list->elements[iterator.next++];
  return {};
}

Value call_truth_method(bool truth, std::string_view name, Arguments arguments) {
  if (name == "booleanValue") return truth;
  if ((name == "parseBoolean" || name == "valueOf") && arguments.size() == 1 && arguments[0].text()) {
    std::string text = *arguments[0].text();
    std::ranges::transform(text, text.begin(), [](char c) { return char(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    return text == "true";
  }
  return {};
}

}  // namespace

Value call_number_method(Runtime& runtime, const Value& number, std::string_view name, Arguments arguments) {
  if (name == "parseInt" || name == "parseLong" || name == "parseDouble" || name == "parseFloat" || name == "valueOf") {
    if (arguments.size() != 1) return {};
    const std::string text = runtime.text_of(arguments[0]);
    if (name == "parseInt" || name == "parseLong" || (name == "valueOf" && number.as<int64_t>())) {
      const auto parsed = parsed_integer(text);
      return parsed ? Value(*parsed) : Value();
    }
    const auto parsed = parsed_double(text);
    return parsed ? Value(*parsed) : Value();
  }
  if (name == "toString" && arguments.size() == 1) return runtime.make_text(runtime.text_of(arguments[0]));
  if (name == "doubleValue" || name == "floatValue") return number.number();
  if (name == "intValue" || name == "longValue") {
    const double value = number.number();
    if (number.as<int64_t>()) return number;
    return std::fabs(value) < 9e18 ? int64_t(value) : value < 0 ? INT64_MIN : INT64_MAX;
  }
  if (name == "compareTo" && arguments.size() == 1 && arguments[0].is_number()) {
    const double a = number.number(), b = arguments[0].number();
    return int64_t(a < b ? -1 : a > b ? 1 : 0);
  }
  if (name == "isNaN") return std::isnan(number.number());
  return {};
}

Value call_method(Runtime& runtime, const Value& target, std::string_view name, Arguments arguments) {
  if (!runtime.pay() || target.is_null()) return {};
  if (name == "toString" && arguments.empty()) return runtime.make_text(runtime.text_of(target));
  if (name == "equals" && arguments.size() == 1) return runtime.equal(target, arguments[0]);
  if (auto* text = target.text()) return call_text_method(runtime, *text, name, arguments);
  if (auto* list = target.as<List*>()) return call_list_method(runtime, **list, name, arguments);
  if (auto* map = target.as<Map*>()) return call_map_method(runtime, **map, name, arguments);
  if (auto* iterator = target.as<Iterator*>()) return call_iterator_method(**iterator, name);
  if (auto* loop = target.as<const Loop*>()) return call_loop_method(**loop, name);
  if (auto* truth = target.as<bool>()) return call_truth_method(*truth, name, arguments);
  if (target.is_number()) return call_number_method(runtime, target, name, arguments);
  if (target.as<const Block*>()) {
    const Value text = runtime.make_text(runtime.text_of(target));
    return text.is_null() ? Value() : call_text_method(runtime, *text.text(), name, arguments);
  }
  return {};
}

// A member of a map; of others what a method without arguments gives: "$text.empty" is isEmpty(), "$foreach.count" getCount().
Value property_of(Runtime& runtime, const Value& target, std::string_view name) {
  if (!runtime.pay() || target.is_null() || name.empty()) return {};
  if (auto* map = target.as<Map*>()) {
    const Value* member = (*map)->find(name);
    return member ? *member : Value();
  }
  if (auto* loop = target.as<const Loop*>()) return call_loop_method(**loop, name);
  std::string capital(name);
  if (is_lower(capital[0])) capital[0] = char(capital[0] - 'a' + 'A');
  if (Value got = call_method(runtime, target, "get" + capital, {}); !got.is_null()) return got;
  return call_method(runtime, target, "is" + capital, {});
}

Value element_of(Runtime& runtime, const Value& target, const Value& index) {
  const Value arguments[] = {index};
  return call_method(runtime, target, "get", arguments);
}

}  // namespace outcrop::expr::velocity
