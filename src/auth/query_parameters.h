// The parameters of a URL's query that carry a signature. Names are matched as they are written: every client writes
// X-Amz-… and AWSAccessKeyId without percent-encoding.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::auth {

// The value of the first parameter of that name as it is on the wire; none when there is no such parameter.
std::optional<std::string_view> find_query_parameter(std::string_view query, std::string_view name, bool ignoring_case = false);
// The same percent-decoded; empty when it is missing or cannot be decoded.
std::string decoded_query_parameter(std::string_view query, std::string_view name);

// Calls visit(name, value) for each parameter, in order.
template <class F>
void for_each_query_parameter(std::string_view query, F visit) {
  while (!query.empty()) {
    size_t end = std::min(query.find('&'), query.size());
    std::string_view text = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    size_t equals = std::min(text.find('='), text.size());
    visit(text.substr(0, equals), text.substr(std::min(equals + 1, text.size())));
  }
}

}  // namespace outcrop::auth
