#include "gateway/record/access_log_line.h"

#include <algorithm>

#include "gateway/record/context_variables.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view access_variable_prefix = "$context.";

bool is_of_variable_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

// What `text` begins with; a full stop at its end is the sentence's.
std::string_view variable_name(std::string_view text) {
  std::string_view name = text.substr(0, size_t(std::ranges::find_if_not(text, is_of_variable_name) - text.begin()));
  while (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

}  // namespace

std::string access_log_line(std::string_view format, const RouteEvent& event) {
  std::string line;
  line.reserve(format.size() * 2);
  for (;;) {
    const size_t at = format.find(access_variable_prefix);
    line += format.substr(0, at);
    if (at == std::string_view::npos) return line;
    format.remove_prefix(at + access_variable_prefix.size());
    const std::string_view name = variable_name(format);
    line += find_context_variable(event, name).value_or("-");
    format.remove_prefix(name.size());
  }
}

}  // namespace outcrop::gateway
