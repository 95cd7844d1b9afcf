#include "services/dynamodb/item/items.h"

#include <algorithm>

#include "services/dynamodb/item/expiry.h"
#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/value/stored_attributes.h"

namespace outcrop::dynamodb {

namespace {

// An entry of an index, or none.
struct IndexEntry {
  std::optional<std::string> key;
  std::string value;
  size_t bytes = 0;
};

IndexEntry entry_of(const Table& table, const Index& index, const std::optional<Attributes>& item) {
  IndexEntry entry;
  if (item) entry.key = entry_key(table, index, *item);
  if (!entry.key) return entry;
  const Attributes kept = projected(table, index, *item);
  entry.value = store_attributes(kept);
  entry.bytes = item_bytes(kept);
  return entry;
}

// An entry that moves is erased and put, which are two writes.
void follow(store::Transaction& transaction, const Table& table, const Index& index, Written& written, bool in_transaction) {
  const IndexEntry before = entry_of(table, index, written.before), after = entry_of(table, index, written.after);
  double units = 0;
  if (before.key && before.key != after.key) {
    transaction.erase(*before.key);
    units += write_units(before.bytes, in_transaction);
  }
  if (after.key && (before.key != after.key || before.value != after.value)) {
    transaction.put(*after.key, after.value);
    units += write_units(before.key == after.key ? std::max(before.bytes, after.bytes) : after.bytes, in_transaction);
  }
  if (units > 0) written.consumed.index_write[index.name] += units;
}

void follow_expiry(store::Transaction& transaction, const Table& table, const std::optional<Attributes>& before,
                   const std::optional<Attributes>& after) {
  const std::optional<std::string> old = before ? expiry_key(table, *before) : std::nullopt;
  const std::optional<std::string> fresh = after ? expiry_key(table, *after) : std::nullopt;
  if (old == fresh) return;
  if (old) transaction.erase(*old);
  if (fresh) transaction.put(*fresh, store_attributes(key_of(table, *after)));
}

}  // namespace

Attributes projected(const Table& table, const Index& index, const Attributes& item) {
  if (index.projection == ProjectionType::all) return item;
  Attributes kept;
  for (const auto& [name, value] : item) {
    const bool is_included =
        index.projection == ProjectionType::include && std::ranges::find(index.non_key_attributes, name) != index.non_key_attributes.end();
    if (table.keys.has(name) || index.keys.has(name) || is_included) kept[name] = value;
  }
  return kept;
}

Task<Result<Written>> write_item(store::Transaction& transaction, const Table& table, const Attributes& key, const ChangeItem& change,
                                 bool in_transaction) {
  const std::string at = item_key(table, key);
  const std::optional<std::string> stored = co_await transaction.get(at);
  Written written;
  if (stored) written.before = co_await load_attributes(*stored);
  written.after = co_await change(written.before);
  const size_t before = written.before ? item_bytes(*written.before) : 0, after = written.after ? item_bytes(*written.after) : 0;
  if (written.after)
    transaction.put(at, store_attributes(*written.after));
  else if (stored)
    transaction.erase(at);
  written.consumed.table_write = write_units(std::max(before, after), in_transaction);
  for (const Index& index : table.indexes) follow(transaction, table, index, written, in_transaction);
  follow_expiry(transaction, table, written.before, written.after);
  co_return written;
}

void write_entries(store::Transaction& transaction, const Table& table, const Attributes& item) {
  Written written{.before = std::nullopt, .after = item, .consumed = {}};
  for (const Index& index : table.indexes) follow(transaction, table, index, written, false);
  follow_expiry(transaction, table, std::nullopt, item);
}

}  // namespace outcrop::dynamodb
