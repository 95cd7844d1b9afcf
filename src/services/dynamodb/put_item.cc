#include "gen/dynamodb/put_item.h"

#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/item/single_write.h"
#include "services/dynamodb/table/table_name.h"
#include "services/dynamodb/value/item_json.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

// Puts an item in the place of the one with its key, if there is one and it meets the condition.
Task<Result<PutItemOutput>> put_item(Dynamodb& dynamodb, Call& call, PutItemInput input) {
  const std::string table_name = co_await read_table_name(call, input.table_name);
  co_await check_condition_parameters(input);
  const Attributes item = co_await read_attributes(std::move(input.item));
  const bool returns_old = co_await returns_old_item(input.return_values);
  co_await check_item_size(item);
  const RequestExpressions expressions = co_await read_write_condition(dynamodb.parsed(), input);
  const ItemCondition condition{expressions.condition ? &*expressions.condition : nullptr,
                                input.return_values_on_condition_check_failure == "ALL_OLD"};
  SingleWritten done = co_await write_one(dynamodb, place_of(call), table_name, put_request(item, condition));
  PutItemOutput output;
  if (returns_old && done.written.before) output.attributes = item_json(*done.written.before);
  output.consumed_capacity = describe(*done.table, done.written.consumed, input.return_consumed_capacity);
  output.item_collection_metrics = collection_metrics(*done.table, done.key, input.return_item_collection_metrics);
  co_return output;
}

}  // namespace outcrop::dynamodb
