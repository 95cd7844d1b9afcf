#include "services/dynamodb/item/index_entry.h"

#include <algorithm>

#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/value/stored_attributes.h"

namespace outcrop::dynamodb {

namespace {

// In front of a reference, where attributes have their version; behind it is the item's key without the prefix of its table.
constexpr char reference_mark = 2;

bool is_reference(const store::Entry& entry) { return entry.value.starts_with(reference_mark); }

std::string referred_key(const Table& table, std::string_view reference) {
  return items_prefix(table.prefix(), 0).append(reference.substr(1));
}

Task<Result<std::string>> referred_attributes(store::Transaction& transaction, const Table& table, const Index& index,
                                              std::string_view reference) {
  std::optional<std::string> stored = co_await transaction.get(referred_key(table, reference));
  if (!stored) co_return fail("CorruptRecord", 500, "An entry of an index on disk has lost its item.");
  if (index.projection == ProjectionType::all) co_return std::move(*stored);
  co_return store_attributes(projected(table, index, co_await load_attributes(*stored)));
}

Task<Result<std::vector<store::Entry>>> scan_with_items(store::Transaction& transaction, const Table& table, const Index& index,
                                                        const store::Range& range, const store::ScanOptions& options) {
  std::vector<store::Entry> entries = co_await transaction.scan(range, options);
  size_t bytes = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    store::Entry& entry = entries[i];
    if (is_reference(entry)) entry.value = co_await referred_attributes(transaction, table, index, entry.value);
    bytes += entry.key.size() + entry.value.size();
    if (bytes < options.bytes_max) continue;
    entries.resize(i + 1);
    break;
  }
  co_return entries;
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

IndexEntry entry_of(const Table& table, const Index& index, const std::optional<Attributes>& item) {
  IndexEntry entry;
  if (item) entry.key = entry_key(table, index, *item);
  if (!entry.key) return entry;
  const bool has_all = index.projection == ProjectionType::all;
  const Attributes some = has_all ? Attributes() : projected(table, index, *item);
  const Attributes& kept = has_all ? *item : some;
  entry.attributes = store_attributes(kept);
  entry.bytes = item_bytes(kept);
  return entry;
}

std::string stored_entry(const Table& table, IndexEntry&& entry, const Attributes& item) {
  if (entry.attributes.size() <= limits::whole_entries_bytes_max / table.indexes.size()) return std::move(entry.attributes);
  const std::string key = item_key(table, item);
  return std::string(1, reference_mark).append(key, items_prefix(table.prefix(), 0).size());
}

Task<Result<std::vector<store::Entry>>> scan_items(store::Store& store, const Table& table, const Index* index, const store::Range& range,
                                                   store::ScanOptions options) {
  std::vector<store::Entry> entries = co_await store.scan(range, options);
  if (!index || std::ranges::none_of(entries, is_reference)) co_return entries;
  co_return co_await keep(
      store.run([&](store::Transaction& transaction) { return scan_with_items(transaction, table, *index, range, options); }));
}

// Of each key of a transaction, old and new, and of a reference: what the longest keys take.
size_t written_bytes_max(const Table& table, size_t item_bytes) {
  constexpr size_t keys_bytes = 6 << 10;
  constexpr size_t stored_for_counted = 2;  // a number of one digit counts 3 bytes in a list and is stored in 6
  const size_t indexes = table.indexes.size();
  return stored_for_counted * item_bytes + std::min(indexes * stored_for_counted * item_bytes, limits::whole_entries_bytes_max) +
         (1 + indexes) * keys_bytes;
}

}  // namespace outcrop::dynamodb
