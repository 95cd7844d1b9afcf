// From the text of a JSONPath to its segments.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "expr/path/path_query.h"

namespace outcrop::expr {

// The error says what is wrong and where: "position 7: a name is expected".
std::expected<PathQuery, std::string> parse_path(std::string_view text);

}  // namespace outcrop::expr
