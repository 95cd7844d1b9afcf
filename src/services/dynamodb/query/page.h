// Page: one answer of Query or Scan: items of a range of keys, up to a limit or 1 MB.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/world.h"
#include "services/dynamodb/expression/expression.h"
#include "services/dynamodb/item/units.h"
#include "services/dynamodb/table/schema.h"
#include "services/dynamodb/value/item_json.h"
#include "store/store.h"

namespace outcrop::dynamodb {

struct PageRequest {
  TableRef table;
  const Index* index = nullptr;  // null: the table itself
  store::Range range;
  bool is_reversed = false;
  std::optional<Attributes> start_key = {};  // checked; the page begins behind it
  std::optional<size_t> limit = {};          // of items that are looked at
  const BoundCondition* filter = nullptr;
  const BoundProjection* projection = nullptr;
  bool counts_only = false;
  bool reads_whole_items = false;  // of an index: the items themselves, not what it holds of them
  Consistency consistency = Consistency::eventual;
};

struct Page {
  ItemList items;
  size_t count = 0, scanned = 0;
  std::optional<Attributes> last_key;
  Consumed consumed;
};

Task<Result<Page>> read_page(World& world, PageRequest request);

// The key that a page goes on from: an item's, and of an index its own key attributes too.
Attributes page_key(const Table& table, const Index* index, const Attributes& item);

}  // namespace outcrop::dynamodb
