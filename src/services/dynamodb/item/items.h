// Items: how items are read and written. Every write, of whatever operation, passes write(): the one place where indexes follow and
// capacity is counted.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/world.h"
#include "services/dynamodb/item/units.h"
#include "services/dynamodb/table/schema.h"
#include "services/dynamodb/value/value.h"
#include "store/store.h"

namespace outcrop::dynamodb {

// The item afterwards; none: there is none. What it faults with is the answer, and nothing is written.
using ChangeItem = std::function<Result<std::optional<Attributes>>(const std::optional<Attributes>& before)>;

struct Written {
  std::optional<Attributes> before, after;
  Consumed consumed;
};

// `key` is checked. Within a transaction: what it reads is validated at its commit.
Task<Result<Written>> write_item(store::Transaction& transaction, const Table& table, const Attributes& key, const ChangeItem& change,
                                 bool in_transaction = false);

// The entries of an item that is there, in indexes and for its time to live, as an item's that was not there before: how an index is
// filled.
void write_entries(store::Transaction& transaction, const Table& table, const Attributes& item);

}  // namespace outcrop::dynamodb
