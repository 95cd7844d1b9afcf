// The limits of DynamoDB: "Quotas in Amazon DynamoDB" and "Constraints in Amazon DynamoDB" of the Developer Guide, unless another source is
// named.
#pragma once
#include <cstddef>

#include "base/time.h"

namespace outcrop::dynamodb::limits {

inline constexpr size_t item_bytes_max = 400 << 10;
inline constexpr size_t nesting_max = 32;
inline constexpr size_t partition_key_bytes_max = 2048, sort_key_bytes_max = 1024;
inline constexpr size_t expression_bytes_max = 4 << 10;
inline constexpr size_t expression_operators_max = 300;
inline constexpr size_t expression_operands_of_in_max = 100;
inline constexpr size_t placeholders_bytes_max = 2 << 20;  // of all names and values of a request
inline constexpr size_t page_bytes_max = 1 << 20;          // of a Query or Scan
inline constexpr size_t batch_get_items_max = 100, batch_get_bytes_max = 16 << 20;
inline constexpr size_t batch_write_items_max = 25;
// Of the writes of a batch that share a transaction of the store, with what they write to indexes. Ours: half of what one takes.
inline constexpr size_t batch_bytes_at_once = 4 << 20;
// Of an item's entries in all indexes that hold their attributes themselves; larger ones refer to the item. Ours: a transaction of 100
// items and 4 MB, with all the indexes that a table may have, then fits one of the store.
inline constexpr size_t whole_entries_bytes_max = 24 << 10;
inline constexpr size_t transaction_items_max = 100, transaction_bytes_max = 4 << 20;
inline constexpr size_t local_indexes_max = 5, global_indexes_max = 20, projected_attributes_max = 100;
inline constexpr size_t tables_max = 2500;  // of an account in a Region
inline constexpr size_t tags_max = 50;
inline constexpr int64_t account_units_max = 80'000, table_units_max = 40'000;
inline constexpr int segments_max = 1'000'000;

// What expired longer ago is not deleted ("Time to Live", Developer Guide).
inline constexpr Seconds oldest_expiry{5 * 365 * 24 * 3600};
// How often tables are looked after. AWS promises that expired items go within a few days; ours.
inline constexpr Seconds upkeep_interval{60};
// ItemCount and its kin are that old at the most (API Reference, TableDescription).
inline constexpr Seconds count_interval{6 * 3600};
inline constexpr size_t expired_at_once = 256;

// Provisioned capacity that was not used is kept so long ("Burst capacity", Developer Guide).
inline constexpr Seconds burst_time{300};
// Tables and indexes whose use is metered. Ours.
inline constexpr size_t metered_max = 100'000;

// Tokens of transactions are kept so long (API Reference, TransactWriteItems).
inline constexpr Seconds transaction_token_life{10 * 60};

// Tables that are kept ready. Ours: about 4 MiB.
inline constexpr size_t cached_tables_max = 2000;
// Parsed expressions that are kept. Ours: about 4 MiB.
inline constexpr size_t parsed_expressions_max = 2000;
// How deep conditions may be nested in parentheses. Ours: the operators' limit bounds what has a use.
inline constexpr size_t expression_depth_max = 200;
// Of a request: what a batch of 25 items of 400 KB takes, written as JSON (API Reference, BatchWriteItem: 16 MB).
inline constexpr size_t request_bytes_max = 20 << 20;

}  // namespace outcrop::dynamodb::limits
