#include "services/dynamodb/item/items.h"

#include <algorithm>

#include "services/dynamodb/item/expiry.h"
#include "services/dynamodb/item/index_entry.h"
#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/value/stored_attributes.h"

namespace outcrop::dynamodb {

namespace {

// An entry that moves is erased and put, which are two writes.
void follow(store::Transaction& transaction, const Table& table, const Index& index, Written& written, bool in_transaction) {
  const IndexEntry before = entry_of(table, index, written.before);
  IndexEntry after = entry_of(table, index, written.after);
  double units = 0;
  if (before.key && before.key != after.key) {
    transaction.erase(*before.key);
    units += write_units(before.bytes, in_transaction);
  }
  if (after.key && !after.is_same(before)) {
    units += write_units(before.key == after.key ? std::max(before.bytes, after.bytes) : after.bytes, in_transaction);
    const std::string key = *after.key;
    transaction.put(key, stored_entry(table, std::move(after), *written.after));
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

Task<Result<Written>> write_item(store::Transaction& transaction, const Table& table, const Attributes& key, const ChangeItem& change,
                                 bool in_transaction) {
  const std::string at = item_key(table, key);
  const std::optional<std::string> stored = co_await transaction.get(at);
  Written written;
  if (stored) written.before = co_await load_attributes(*stored);
  written.after = co_await change(written.before);
  const size_t before = written.before ? item_bytes(*written.before) : 0, after = written.after ? item_bytes(*written.after) : 0;
  std::optional<std::string> fresh;
  if (written.after) fresh = store_attributes(*written.after);
  if (fresh && fresh != stored) transaction.put(at, *fresh);
  if (!fresh && stored) transaction.erase(at);
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
