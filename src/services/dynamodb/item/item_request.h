// ItemRequest: one write of one item, as PutItem, DeleteItem, UpdateItem, batches and transactions ask for it.
#pragma once
#include <functional>
#include <string>

#include "services/dynamodb/expression/expression.h"
#include "services/dynamodb/item/items.h"

namespace outcrop::dynamodb {

// What is to be done once the table is known: the item's checked key, and the change of it.
struct ItemChange {
  Attributes key;
  ChangeItem change;
};

// May be called again, by a transaction that is tried again. Faults, each a ValidationException 400, where the request does not fit the
// table.
using PrepareItem = std::function<Result<ItemChange>(const Table&)>;

// The condition an item must meet before; null: none. It, and what else is handed over by pointer, must outlive the request.
struct ItemCondition {
  const BoundCondition* condition = nullptr;
  bool tells_item = false;  // its failure tells the item as it was
};

PrepareItem put_request(const Attributes& item, ItemCondition condition);
PrepareItem delete_request(const Attributes& key, ItemCondition condition);
// `update`: null: the item is made if it is not there.
PrepareItem update_request(const Attributes& key, const BoundUpdate* update, ItemCondition condition);
// Changes nothing.
PrepareItem check_request(const Attributes& key, ItemCondition condition);

// Of an item that is to be put, in DynamoDB's words.
Result<void> check_item_size(const Attributes& item);

}  // namespace outcrop::dynamodb
