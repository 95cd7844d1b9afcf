// One write in a transaction of its own, and what its answer tells beside the item.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/item/item_request.h"

namespace outcrop::dynamodb {

struct SingleWritten {
  TableRef table;
  Attributes key;
  Written written;
};

// Faults: ResourceNotFoundException 400, and what the request and its change fault with.
Task<Result<SingleWritten>> write_one(Dynamodb& dynamodb, const Place& place, std::string_view table_name, const PrepareItem& prepare);

// Whether ReturnValues of a put or a deletion asks for the item as it was. Fault: ValidationException 400 for what only updates return.
Result<bool> returns_old_item(const std::optional<std::string>& return_values);

// As ReturnItemCollectionMetrics asks for it: of tables with local indexes alone.
std::optional<ItemCollectionMetrics> collection_metrics(const Table& table, const Attributes& key, const std::optional<std::string>& asked);

}  // namespace outcrop::dynamodb
