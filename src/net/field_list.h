// Field values that are comma-separated lists (RFC 9110 section 5.6.1).
#pragma once
#include <string_view>

namespace outcrop::net {

// Without the optional white space around it.
inline std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Calls visit(element) for each element that is not empty.
template <class F>
void for_each_element(std::string_view list, F visit) {
  while (!list.empty()) {
    size_t comma = list.find(',');
    std::string_view element = trim(list.substr(0, comma));
    if (!element.empty()) visit(element);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
}

}  // namespace outcrop::net
