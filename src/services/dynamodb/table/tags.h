// Tags of tables.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/call.h"
#include "gen/dynamodb/types.h"
#include "wire/map.h"

namespace outcrop::dynamodb {

// Faults, each a ValidationException 400: two of one key in `added`, more than 50 in all.
Result<void> add_tags(wire::Map<std::string>& tags, const std::vector<Tag>& added);

// The name of the table that an ARN names. Faults: ValidationException 400, AccessDeniedException 400 for another account's.
Result<std::string> table_in_arn(const Call& call, std::string_view arn);

}  // namespace outcrop::dynamodb
