// The functions that Jayway puts behind a path.
#pragma once
#include <optional>

#include "expr/path/select_nodes.h"

namespace outcrop::expr {

// Of the one value that a singular path found, or of all that another found. None where it has no meaning: the length of a number,
// the largest of no numbers.
std::optional<json::Value> applied(PathFunction function, bool is_singular, const PathNodes& nodes);

}  // namespace outcrop::expr
