// The keys of items, checked and encoded. A table's items are ordered by a hash of their partition key, then by the partition key itself
// (one of more than 150 bytes by its SHA-256), then by the sort key. An index's entries end with a digest of the item's own key, which
// makes them unique.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/dynamodb/table/schema.h"

namespace outcrop::dynamodb {

// Faults, each a ValidationException 400 in DynamoDB's words.
// Of an item that is to be put: its key attributes are there and fit, those of indexes fit where they are there.
Result<void> check_item_keys(const Table& table, const Attributes& item);
// Of a Key parameter: these attributes and no others.
Result<void> check_key(const Table& table, const Attributes& key);

// Of one attribute of a Key or a start key.
Result<void> check_key_value(const KeySchemaOf& keys, const KeyAttribute& attribute, const Value& value);

// The key attributes of a checked item, as a key.
Attributes key_of(const Table& table, const Attributes& item);

std::string item_key(const Table& table, const Attributes& item);
// None: the item has no entry in the index, because a key attribute of it is missing.
std::optional<std::string> entry_key(const Table& table, const Index& index, const Attributes& item);

// What all keys begin with that have this partition key, in the table or an index.
std::string partition_prefix(const Table& table, const Index* index, const Value& hash);
// What follows the prefix for a sort key, up to where the item's digest begins in an index: the bytes sort as the values do.
std::string sort_bytes(const Index* index, const Value& range);

// The hash in front of partition keys: a scan's segments are equal parts of its range.
uint64_t partition_hash(const Value& hash);

}  // namespace outcrop::dynamodb
