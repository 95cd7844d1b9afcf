// Time to live: when items expire. Those of a table with a time to live have an entry in a hidden index, ordered by their time, which is
// how those that are due are found.
#pragma once
#include <optional>
#include <string>

#include "base/time.h"
#include "services/dynamodb/table/schema.h"
#include "store/store.h"

namespace outcrop::dynamodb {

// The key of an item's entry; none: the table has no time to live, or the item never expires: its attribute is missing or no number of
// seconds.
std::optional<std::string> expiry_key(const Table& table, const Attributes& item);

// The entries of what expires before `now`, but for what is too old to be meant: DynamoDB lets be what expired more than five years ago.
store::Range expired_before(const Table& table, Instant now);

// All entries.
store::Range expiries(const Table& table);

}  // namespace outcrop::dynamodb
