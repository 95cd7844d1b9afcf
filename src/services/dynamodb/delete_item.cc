#include "gen/dynamodb/delete_item.h"

#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/item/single_write.h"
#include "services/dynamodb/table/table_name.h"
#include "services/dynamodb/value/item_json.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

// Deletes the item of a key, if it meets the condition; one that is not there is deleted already.
Task<Result<DeleteItemOutput>> delete_item(Dynamodb& dynamodb, Call& call, DeleteItemInput input) {
  const std::string table_name = co_await read_table_name(call, input.table_name);
  co_await check_condition_parameters(input);
  const Attributes key = co_await read_attributes(std::move(input.key));
  const bool returns_old = co_await returns_old_item(input.return_values);
  const RequestExpressions expressions = co_await read_write_condition(dynamodb.parsed(), input);
  const ItemCondition condition{expressions.condition ? &*expressions.condition : nullptr,
                                input.return_values_on_condition_check_failure == "ALL_OLD"};
  SingleWritten done = co_await write_one(dynamodb, place_of(call), table_name, delete_request(key, condition));
  DeleteItemOutput output;
  if (returns_old && done.written.before) output.attributes = item_json(*done.written.before);
  output.consumed_capacity = describe(*done.table, done.written.consumed, input.return_consumed_capacity);
  output.item_collection_metrics = collection_metrics(*done.table, done.key, input.return_item_collection_metrics);
  co_return output;
}

}  // namespace outcrop::dynamodb
