// ExclusiveStartKey: where a page begins. Faults, each a ValidationException 400 in DynamoDB's words, which differ between Query and Scan.
#pragma once
#include <cstdint>
#include <optional>

#include "gen/dynamodb/types.h"
#include "services/dynamodb/query/key_condition.h"
#include "services/dynamodb/query/page.h"

namespace outcrop::dynamodb {

// Before anything is known of the table.
Result<std::optional<Attributes>> read_start_key(std::optional<wire::Map<AttributeValue>>&& key);

// The key attributes of the table and the index, no others, with values that fit; and within what is read.
Result<void> check_query_start(const PageRequest& request, const KeyCondition& condition);
Result<void> check_scan_start(const PageRequest& request, uint64_t segment, uint64_t total);

}  // namespace outcrop::dynamodb
