#include "gen/dynamodb/transact_get_items.h"

#include <algorithm>
#include <set>

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/expression/evaluate.h"
#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/item/cancellation.h"
#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/item/units.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/table/table_name.h"
#include "services/dynamodb/value/item_json.h"
#include "services/dynamodb/value/stored_attributes.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

namespace {

// One item of the transaction, read but for its table.
struct Reading {
  std::string table;
  Attributes key;
  RequestExpressions expressions;
};

Result<Reading> reading_of(Dynamodb& dynamodb, const Call& call, Get& get) {
  Result<std::string> name = read_table_name(call, get.table_name);
  if (!name) return fail(std::move(name.error()));
  Result<RequestExpressions> expressions = RequestExpressions::read(
      dynamodb.parsed(), {.projection = std::move(get.projection_expression), .names = std::move(get.expression_attribute_names)});
  if (!expressions) return fail(std::move(expressions.error()));
  Result<Attributes> key = read_attributes(std::move(get.key));
  if (!key) return fail(std::move(key.error()));
  return Reading{std::move(*name), std::move(*key), std::move(*expressions)};
}

struct ItemRead {
  TableRef table;
  std::optional<Attributes> item;
};

// All items as they are at one moment.
Task<Result<std::vector<ItemRead>>> read_together(Dynamodb& dynamodb, const Place& place, const std::vector<Reading>& readings,
                                                  store::Transaction& transaction) {
  std::vector<ItemRead> read(readings.size());
  Cancellation cancellation(readings.size());
  std::set<std::string> seen;
  size_t bytes = 0;
  TransactionTables tables(dynamodb.tables(), transaction, place);
  for (size_t i = 0; i < readings.size(); ++i) {
    read[i].table = co_await tables.get(readings[i].table);
    Result<void> checked = check_key(*read[i].table, readings[i].key);
    if (checked) checked = dynamodb.capacity().admit_read(*read[i].table, nullptr);
    if (!checked) {
      co_await cancellation.add(i, checked.error());
      continue;
    }
    const std::string key = item_key(*read[i].table, readings[i].key);
    if (!seen.insert(key).second)
      co_return fail("ValidationException", 400, "Transaction request cannot include multiple operations on one item");
    const std::optional<std::string> stored = co_await transaction.get(key);
    if (stored) read[i].item = co_await load_attributes(*stored);
    if (stored) bytes += item_bytes(*read[i].item);
    if (bytes > limits::transaction_bytes_max) co_return fail(transaction_too_large());
  }
  if (cancellation.is_any()) co_return fail(std::move(cancellation).fault());
  co_return read;
}

}  // namespace

// Gives items of several tables as they are at one moment.
Task<Result<TransactGetItemsOutput>> transact_get_items(Dynamodb& dynamodb, Call& call, TransactGetItemsInput input) {
  std::vector<Reading> readings;
  for (TransactGetItem& item : input.transact_items) readings.push_back(co_await reading_of(dynamodb, call, item.get));
  const Place place = place_of(call);
  auto run = call.world.store.run([&](store::Transaction& transaction) { return read_together(dynamodb, place, readings, transaction); });
  Result<std::vector<ItemRead>> read = co_await keep(std::move(run));
  if (!read && read.error().code == "TransactionConflict") co_return fail(conflicted(readings.size()));
  if (!read) co_return fail(std::move(read.error()));
  TransactGetItemsOutput output;
  output.responses.emplace();
  std::vector<std::pair<TableRef, Consumed>> consumed;
  for (size_t i = 0; i < read->size(); ++i) {
    ItemRead& one = (*read)[i];
    auto known = std::ranges::find(consumed, one.table->name, [](const auto& entry) { return entry.first->name; });
    if (known == consumed.end()) known = consumed.insert(consumed.end(), {one.table, Consumed()});
    known->second.table_read += read_units(one.item ? item_bytes(*one.item) : 0, Consistency::transactional);
    ItemResponse& response = output.responses->emplace_back();
    if (!one.item) continue;
    const std::optional<BoundProjection>& projection = readings[i].expressions.projection;
    response.item = item_json(projection ? project(*one.item, *projection) : *one.item);
  }
  for (const auto& [table, units] : consumed) {
    dynamodb.capacity().consumed(*table, units);
    auto capacity = describe(*table, units, input.return_consumed_capacity, true);
    if (!capacity) continue;
    if (!output.consumed_capacity) output.consumed_capacity.emplace();
    output.consumed_capacity->push_back(std::move(*capacity));
  }
  co_return output;
}

}  // namespace outcrop::dynamodb
