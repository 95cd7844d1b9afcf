// The methods of Java's String.
#include <algorithm>

#include "base/encoding.h"
#include "expr/regular_expression.h"
#include "expr/velocity/methods.h"
#include "expr/velocity/utf16.h"

namespace outcrop::expr::velocity {
namespace {

using Kind = TemplateError::Kind;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && uint8_t(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && uint8_t(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  return text;
}

std::string with_all_replaced(Runtime& runtime, std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  const size_t step = std::max<size_t>(from.size(), 1);
  for (size_t at = 0; at <= text.size();) {
    const size_t found = text.find(from, at);
    if (found == text.npos || !runtime.pay() || out.size() > limits::template_output_max) {
      out += text.substr(at);
      break;
    }
    out += text.substr(at, found - at);
    out += to;
    if (from.empty() && found < text.size()) out += text[found];
    at = found + step;
  }
  return out;
}

// Compiled anew at each call, which the steps pay for.
std::optional<RegularExpression> compiled_expression(Runtime& runtime, const std::string& text) {
  constexpr size_t steps_a_byte = 4;
  if (!runtime.pay(1 + steps_a_byte * text.size())) return std::nullopt;
  auto compiled = RegularExpression::compile(text);
  if (compiled) return std::move(*compiled);
  runtime.refuse(Kind::bad_argument, "a regular expression cannot be used: " + compiled.error());
  return std::nullopt;
}

std::optional<Match> next_match(Runtime& runtime, const RegularExpression& expression, std::string_view text, size_t from) {
  auto match = expression.find(text, from, runtime.steps_left());
  if (match) return std::move(*match);
  runtime.refuse(Kind::too_much, match.error());
  return std::nullopt;
}

// Where to look on behind a match: behind an empty one after the character that follows.
size_t after_match(const Match& match, std::string_view text) {
  const auto [from, to] = match.whole();
  if (to > from) return to;
  size_t next = to + 1;
  while (next < text.size() && (uint8_t(text[next]) & 0xc0) == 0x80) ++next;
  return next;
}

// "$1" is a group, "\$" a dollar sign.
void append_replacement(std::string& out, std::string_view replacement, std::string_view text, const Match& match) {
  for (size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c == '\\' && i + 1 < replacement.size()) {
      out += replacement[++i];
    } else if (c == '$' && i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9') {
      const size_t group = size_t(replacement[++i] - '0');
      if (group < match.groups.size() && match.groups[group])
        out += text.substr(match.groups[group]->from, match.groups[group]->to - match.groups[group]->from);
    } else {
      out += c;
    }
  }
}

Value replaced(Runtime& runtime, std::string_view text, const std::string& written, std::string_view replacement, bool all) {
  const auto expression = compiled_expression(runtime, written);
  if (!expression) return {};
  std::string out;
  size_t copied = 0;
  for (size_t from = 0; from <= text.size();) {
    const auto match = next_match(runtime, *expression, text, from);
    if (!match || out.size() > limits::template_output_max) break;
    out += text.substr(copied, match->whole().from - copied);
    append_replacement(out, replacement, text, *match);
    copied = match->whole().to;
    from = after_match(*match, text);
    if (!all) break;
  }
  out += text.substr(copied);
  return runtime.make_text(std::move(out));
}

// Without empty texts at the end, unless a limit says how many there may be.
Value parts_of(Runtime& runtime, std::string_view text, const std::string& written, int64_t limit) {
  const auto expression = compiled_expression(runtime, written);
  if (!expression) return {};
  List* parts = runtime.make_list();
  size_t copied = 0;
  for (size_t from = 0; from < text.size() && (limit <= 0 || int64_t(parts->elements.size()) + 1 < limit);) {
    const auto match = next_match(runtime, *expression, text, from);
    if (!match) break;
    from = after_match(*match, text);
    const auto [begin, end] = match->whole();
    if (end == begin && (begin == 0 || begin == text.size())) continue;
    if (!runtime.append(*parts, runtime.make_text(std::string(text.substr(copied, begin - copied))))) return {};
    copied = end;
  }
  runtime.append(*parts, runtime.make_text(std::string(text.substr(copied))));
  const auto is_empty = [](const Value& part) { return !part.text() || part.text()->empty(); };
  while (limit == 0 && parts->elements.size() > 1 && is_empty(parts->elements.back())) parts->elements.pop_back();
  return parts;
}

// What counts characters, as UTF-16.
Value call_indexed(Runtime& runtime, const std::string& text, std::string_view name, Arguments arguments) {
  if (!runtime.pay_memory(2 * text.size())) return {};
  const std::u16string units = to_utf16(text);
  const auto index = [&](size_t i) -> std::optional<size_t> {
    auto* number = i < arguments.size() ? arguments[i].as<int64_t>() : nullptr;
    return number && *number >= 0 && size_t(*number) <= units.size() ? std::optional(size_t(*number)) : std::nullopt;
  };
  if (name == "length" && arguments.empty()) return int64_t(units.size());
  if (name == "substring" || name == "subSequence") {
    const auto from = index(0), to = arguments.size() == 2 ? index(1) : units.size();
    return from && to && *from <= *to ? runtime.make_text(to_utf8(std::u16string_view(units).substr(*from, *to - *from))) : Value();
  }
  if (name == "charAt") return index(0) && *index(0) < units.size() ? runtime.make_text(to_utf8(units.substr(*index(0), 1))) : Value();
  const std::u16string wanted = to_utf16(runtime.text_of(arguments[0]));
  size_t found = units.npos;
  if (name == "indexOf") found = units.find(wanted, arguments.size() == 2 ? index(1).value_or(0) : 0);
  if (name == "lastIndexOf") found = units.rfind(wanted, arguments.size() == 2 ? index(1).value_or(units.npos) : units.npos);
  return found == units.npos ? int64_t(-1) : int64_t(found);
}

Value call_with_text(Runtime& runtime, const std::string& text, std::string_view name, const std::string& other) {
  if (name == "contains") return text.contains(other);
  if (name == "startsWith") return text.starts_with(other);
  if (name == "endsWith") return text.ends_with(other);
  if (name == "equalsIgnoreCase") return ascii_equal_ignoring_case(text, other);
  if (name == "concat") return runtime.make_text(text + other);
  if (name == "compareTo") return int64_t(text.compare(other));
  if (name == "compareToIgnoreCase") return int64_t(ascii_lower(text).compare(ascii_lower(other)));
  if (name == "split") return parts_of(runtime, text, other, 0);
  if (name == "matches") {
    const auto expression = compiled_expression(runtime, other);
    if (!expression) return {};
    const auto matched = expression->matches(text, runtime.steps_left());
    if (!matched) return runtime.refuse(Kind::too_much, matched.error()), Value();
    return *matched;
  }
  return {};
}

}  // namespace

Value call_text_method(Runtime& runtime, const std::string& text, std::string_view name, Arguments arguments) {
  constexpr size_t bytes_a_step = 256;
  if (!runtime.pay(text.size() / bytes_a_step)) return {};
  constexpr std::string_view indexed[] = {"length", "substring", "subSequence", "charAt", "indexOf", "lastIndexOf"};
  if (std::ranges::find(indexed, name) != std::end(indexed) && (name == "length") == arguments.empty())
    return call_indexed(runtime, text, name, arguments);
  if (arguments.empty()) {
    if (name == "isEmpty") return text.empty();
    if (name == "isBlank") return trimmed(text).empty();
    if (name == "trim" || name == "strip") return runtime.make_text(std::string(trimmed(text)));
    if (name == "toLowerCase") return runtime.make_text(ascii_lower(text));
    if (name == "toUpperCase") return runtime.make_text(upper(text));
    return {};
  }
  if (arguments[0].is_null()) return {};
  const std::string first = runtime.text_of(arguments[0]);
  if (arguments.size() == 1) return call_with_text(runtime, text, name, first);
  if (arguments.size() != 2 || arguments[1].is_null()) return {};
  if (name == "split" && arguments[1].as<int64_t>()) return parts_of(runtime, text, first, *arguments[1].as<int64_t>());
  const std::string second = runtime.text_of(arguments[1]);
  if (name == "replace") return runtime.make_text(with_all_replaced(runtime, text, first, second));
  if (name == "replaceAll") return replaced(runtime, text, first, second, true);
  if (name == "replaceFirst") return replaced(runtime, text, first, second, false);
  return {};
}

}  // namespace outcrop::expr::velocity
