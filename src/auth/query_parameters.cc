#include "auth/query_parameters.h"

#include "base/encoding.h"

namespace outcrop::auth {

std::optional<std::string_view> find_query_parameter(std::string_view query, std::string_view name, bool ignoring_case) {
  std::optional<std::string_view> found;
  for_each_query_parameter(query, [&](std::string_view candidate, std::string_view value) {
    bool fits = ignoring_case ? ascii_equal_ignoring_case(candidate, name) : candidate == name;
    if (fits && !found) found = value;
  });
  return found;
}

std::string decoded_query_parameter(std::string_view query, std::string_view name) {
  std::optional<std::string_view> value = find_query_parameter(query, name);
  if (!value) return {};
  return percent_decode(*value).value_or("");
}

}  // namespace outcrop::auth
