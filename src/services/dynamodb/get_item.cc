#include "gen/dynamodb/get_item.h"

#include <array>

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/expression/evaluate.h"
#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/item/units.h"
#include "services/dynamodb/query/key_paths.h"
#include "services/dynamodb/table/table_name.h"
#include "services/dynamodb/value/item_json.h"
#include "services/dynamodb/value/stored_attributes.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

namespace {

Result<void> check_get_parameters(const GetItemInput& input) {
  const std::array<Given, 1> expressions = {{{"ProjectionExpression", input.projection_expression.has_value()}}};
  const std::array<Given, 1> legacy = {{{"AttributesToGet", input.attributes_to_get.has_value()}}};
  return check_parameters(expressions, legacy, input.expression_attribute_names.has_value(), false);
}

Result<RequestExpressions> get_expressions(Dynamodb& dynamodb, GetItemInput& input) {
  Result<RequestExpressions> read = RequestExpressions::read(
      dynamodb.parsed(), {.projection = std::move(input.projection_expression), .names = std::move(input.expression_attribute_names)});
  if (!read || !input.attributes_to_get) return read;
  if (auto used = read->use_attributes(std::move(*input.attributes_to_get)); !used) return fail(std::move(used.error()));
  return read;
}

}  // namespace

// Gives the item of a key, or what of it was asked for; no item when there is none.
Task<Result<GetItemOutput>> get_item(Dynamodb& dynamodb, Call& call, GetItemInput input) {
  const std::string table_name = co_await read_table_name(call, input.table_name);
  co_await check_get_parameters(input);
  const Attributes key = co_await read_attributes(std::move(input.key));
  const RequestExpressions expressions = co_await get_expressions(dynamodb, input);
  const TableRef table = co_await dynamodb.tables().get(place_of(call), table_name);
  co_await check_key_paths(*table, expressions.projection ? &*expressions.projection : nullptr);
  co_await check_key(*table, key);
  co_await dynamodb.capacity().admit_read(*table, nullptr);
  const std::optional<std::string> stored = co_await call.world.store.get(item_key(*table, key));
  GetItemOutput output;
  size_t bytes = 0;
  if (stored) {
    if (expressions.projection) {
      const Attributes item = co_await load_attributes(*stored);
      bytes = item_bytes(item);
      output.item = item_json(project(item, *expressions.projection));
    } else {
      bytes = co_await append_stored_item(*stored, output.item.emplace().text);
    }
  }
  const bool is_consistent = input.consistent_read.value_or(false);
  const Consumed consumed{.table_read = read_units(bytes, is_consistent ? Consistency::strong : Consistency::eventual)};
  dynamodb.capacity().consumed(*table, consumed);
  output.consumed_capacity = describe(*table, consumed, input.return_consumed_capacity);
  co_return output;
}

}  // namespace outcrop::dynamodb
