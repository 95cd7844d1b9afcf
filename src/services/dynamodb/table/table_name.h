// How requests name tables: by name, or by ARN.
#pragma once
#include <string>
#include <string_view>

#include "core/call.h"

namespace outcrop::dynamodb {

// The name. Faults, each a ValidationException 400: no name of a table; an ARN of another account's or Region's table.
Result<std::string> read_table_name(const Call& call, std::string_view given);

}  // namespace outcrop::dynamodb
