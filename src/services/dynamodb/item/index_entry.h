// IndexEntry: what an index has of an item. A small one holds the attributes that the index projects; in the place of a large one is a
// reference to the item, from which they are taken when it is read: so a write of the largest item to a table with all the indexes it may
// have fits a transaction of the store, and no index is ever behind its table.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/dynamodb/table/schema.h"
#include "services/dynamodb/value/value.h"
#include "store/store.h"

namespace outcrop::dynamodb {

struct IndexEntry {
  std::optional<std::string> key;  // none: the item has no entry
  std::string attributes;          // those projected, as they are stored
  size_t bytes = 0;                // what they count

  bool is_same(const IndexEntry& other) const { return key == other.key && attributes == other.attributes; }
};

IndexEntry entry_of(const Table& table, const Index& index, const std::optional<Attributes>& item);

// What stands under the entry's key.
std::string stored_entry(const Table& table, IndexEntry&& entry, const Attributes& item);

// What the index holds of an item: its projected attributes.
Attributes projected(const Table& table, const Index& index, const Attributes& item);

// As Store::scan, of an index's entries or, for null, of the items themselves; with what references refer to in their place. All are as
// they are at one moment.
Task<Result<std::vector<store::Entry>>> scan_items(store::Store& store, const Table& table, const Index* index, const store::Range& range,
                                                   store::ScanOptions options = {});

// At the most what a write of an item of so many bytes adds to a transaction of the store, its entries included.
size_t written_bytes_max(const Table& table, size_t item_bytes);

}  // namespace outcrop::dynamodb
