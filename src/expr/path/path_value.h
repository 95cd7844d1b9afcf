// What filters of JSONPath know of values: their size, their order, and the operators between two of them.
#pragma once
#include <optional>

#include "expr/path/path_query.h"

namespace outcrop::expr {

// What it costs to copy or compare the value: values in all, and the bytes of texts by the hundred.
size_t size_of(const json::Value& value);

// RFC 9535 2.4.4: characters of a string, elements, members; none of other kinds.
std::optional<json::Value> length_of(const json::Value& value);

// None stands for nothing: what a path does not find. RFC 9535 2.3.5.2.2: nothing equals nothing, only numbers and only strings are
// less than each other; Jayway's operators want both sides.
bool compares(FilterOperator comparison, const std::optional<json::Value>& left, const std::optional<json::Value>& right);

}  // namespace outcrop::expr
