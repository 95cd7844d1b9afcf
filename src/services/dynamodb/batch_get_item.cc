#include "gen/dynamodb/batch_get_item.h"

#include <array>
#include <set>

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/expression/evaluate.h"
#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/item/units.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/table/table_name.h"
#include "services/dynamodb/value/item_json.h"
#include "services/dynamodb/value/stored_attributes.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

namespace {

Fault batch_get_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

Result<void> check_batch_get(const BatchGetItemInput& input) {
  size_t keys = 0;
  for (const auto& [table, request] : input.request_items) keys += request.keys.size();
  if (keys > limits::batch_get_items_max) return fail(batch_get_refused("Too many items requested for the BatchGetItem call"));
  return {};
}

// What is asked of one table.
struct TableReads {
  std::string name;  // as the request has it
  TableRef table;
  RequestExpressions expressions;
  std::vector<Attributes> keys;
  std::vector<std::string> item_keys;
  Consistency consistency;
};

Result<RequestExpressions> table_expressions(Dynamodb& dynamodb, KeysAndAttributes& request) {
  const std::array<Given, 1> expressions = {{{"ProjectionExpression", request.projection_expression.has_value()}}};
  const std::array<Given, 1> legacy = {{{"AttributesToGet", request.attributes_to_get.has_value()}}};
  auto checked = check_parameters(expressions, legacy, request.expression_attribute_names.has_value(), false);
  if (!checked) return fail(std::move(checked.error()));
  Result<RequestExpressions> read = RequestExpressions::read(
      dynamodb.parsed(), {.projection = request.projection_expression, .names = request.expression_attribute_names});
  if (!read || !request.attributes_to_get) return read;
  if (auto used = read->use_attributes(std::vector<std::string>(*request.attributes_to_get)); !used) return fail(std::move(used.error()));
  return read;
}

Task<Result<TableReads>> table_reads(Dynamodb& dynamodb, const Call& call, const std::string& name, KeysAndAttributes& request) {
  const std::string table_name = co_await read_table_name(call, name);
  TableReads reads{.name = name,
                   .table = nullptr,
                   .expressions = co_await table_expressions(dynamodb, request),
                   .consistency = request.consistent_read.value_or(false) ? Consistency::strong : Consistency::eventual};
  for (const wire::Map<AttributeValue>& key : request.keys) reads.keys.push_back(co_await read_attributes(wire::Map<AttributeValue>(key)));
  reads.table = co_await dynamodb.tables().get(place_of(call), table_name);
  std::set<std::string> seen;
  for (const Attributes& key : reads.keys) {
    co_await check_key(*reads.table, key);
    reads.item_keys.push_back(item_key(*reads.table, key));
    if (!seen.insert(reads.item_keys.back()).second) co_return fail(batch_get_refused("Provided list of item keys contains duplicates"));
  }
  co_return reads;
}

// What the item counts.
Result<size_t> add_item(ItemList& items, std::string_view stored, const std::optional<BoundProjection>& projection) {
  if (!projection) return items.add_stored(stored);
  const Result<Attributes> item = load_attributes(stored);
  if (!item) return fail(item.error());
  items.add(project(*item, *projection));
  return item_bytes(*item);
}

}  // namespace

// Gives items of several tables. What would make the answer larger than 16 MB, or what a table has no capacity for, is left to another
// call.
Task<Result<BatchGetItemOutput>> batch_get_item(Dynamodb& dynamodb, Call& call, BatchGetItemInput input) {
  co_await check_batch_get(input);
  std::vector<TableReads> all;
  for (auto& [name, request] : input.request_items) all.push_back(co_await table_reads(dynamodb, call, name, request));
  BatchGetItemOutput output;
  output.responses.emplace();
  output.unprocessed_keys.emplace();
  size_t bytes = 0;
  for (TableReads& reads : all) {
    ItemList items;
    Consumed consumed;
    for (size_t i = 0; i < reads.item_keys.size(); ++i) {
      if (bytes > limits::batch_get_bytes_max || !dynamodb.capacity().admit_read(*reads.table, nullptr)) {
        KeysAndAttributes& rest = (*output.unprocessed_keys)[reads.name];
        if (rest.keys.empty()) rest = KeysAndAttributes(*input.request_items.find(reads.name));
        rest.keys.erase(rest.keys.begin(), rest.keys.begin() + std::ptrdiff_t(rest.keys.size() - (reads.item_keys.size() - i)));
        break;
      }
      const std::optional<std::string> stored = co_await call.world.store.get(reads.item_keys[i]);
      const size_t read = stored ? co_await add_item(items, *stored, reads.expressions.projection) : 0;
      consumed.table_read += read_units(read, reads.consistency);
      bytes += read;
    }
    (*output.responses)[reads.name] = std::move(items).text();
    dynamodb.capacity().consumed(*reads.table, consumed);
    if (auto capacity = describe(*reads.table, consumed, input.return_consumed_capacity)) {
      if (!output.consumed_capacity) output.consumed_capacity.emplace();
      output.consumed_capacity->push_back(std::move(*capacity));
    }
  }
  co_return output;
}

}  // namespace outcrop::dynamodb
