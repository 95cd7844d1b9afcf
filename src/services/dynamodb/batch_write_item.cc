#include "gen/dynamodb/batch_write_item.h"

#include <set>

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/item/index_entry.h"
#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/item/item_request.h"
#include "services/dynamodb/item/single_write.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/table/table_name.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

namespace {

Fault batch_write_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

// One write of a batch: an item to put, or a key to delete.
struct BatchedWrite {
  std::string table;  // as the request has it
  std::string name;   // of the table
  Attributes attributes;
  bool is_put;

  WriteRequest as_request() const {
    wire::Map<AttributeValue> written = write_attributes(Attributes(attributes));
    WriteRequest request;
    if (is_put)
      request.put_request = PutRequest{std::move(written)};
    else
      request.delete_request = DeleteRequest{std::move(written)};
    return request;
  }
  PrepareItem prepare() const { return is_put ? put_request(attributes, {}) : delete_request(attributes, {}); }
};

Result<std::vector<BatchedWrite>> batched_writes(const Call& call, BatchWriteItemInput& input) {
  std::vector<BatchedWrite> writes;
  for (auto& [table, requests] : input.request_items) {
    Result<std::string> name = read_table_name(call, table);
    if (!name) return fail(std::move(name.error()));
    for (WriteRequest& request : requests) {
      if (request.put_request.has_value() == request.delete_request.has_value())
        return fail(batch_write_refused("Supplied WriteRequest must contain exactly one of PutRequest, DeleteRequest"));
      const bool is_put = request.put_request.has_value();
      Result<Attributes> attributes =
          read_attributes(is_put ? std::move(request.put_request->item) : std::move(request.delete_request->key));
      if (!attributes) return fail(std::move(attributes.error()));
      if (auto checked = is_put ? check_item_size(*attributes) : Result<void>(); !checked) return fail(std::move(checked.error()));
      writes.push_back({table, *name, std::move(*attributes), is_put});
    }
  }
  if (writes.size() > limits::batch_write_items_max)
    return fail(batch_write_refused("Too many items requested for the BatchWriteItem call"));
  return writes;
}

// Batches say of items without their keys what they say of keys.
bool has_key(const Table& table, const Attributes& item) {
  auto fits = [&item](const KeyAttribute& attribute) {
    const Value* value = item.find(attribute.name);
    return value && value->type() == attribute.type;
  };
  return fits(table.keys.hash) && (!table.keys.range || fits(*table.keys.range));
}

// Whether every write fits its table, and each item is written once.
Task<Result<void>> check_writes(Dynamodb& dynamodb, const Place& place, const std::vector<BatchedWrite>& writes) {
  std::set<std::string> seen;
  for (const BatchedWrite& write : writes) {
    const TableRef table = co_await dynamodb.tables().get(place, write.name);
    if (!has_key(*table, write.attributes)) co_return fail(batch_write_refused("The provided key element does not match the schema"));
    const ItemChange change = co_await write.prepare()(*table);
    if (!seen.insert(item_key(*table, change.key)).second)
      co_return fail(batch_write_refused("Provided list of item keys contains duplicates"));
  }
  co_return {};
}

// What the writes to each table consumed and touched.
struct Tally {
  TableRef table;
  std::string name;
  Consumed consumed;
  std::vector<ItemCollectionMetrics> metrics;
};

Tally& tally_of(std::vector<Tally>& tallies, const TableRef& table, const std::string& name) {
  for (Tally& tally : tallies) {
    if (tally.name == name) return tally;
  }
  return tallies.emplace_back(Tally{.table = table, .name = name, .consumed = {}, .metrics = {}});
}

// Others were in the way, or the disk: nothing was written, and the caller is to try again.
bool may_succeed_later(const Fault& fault) { return fault.code == "TransactionConflict" || fault.code == "TransactionTimeout"; }

BatchWriteItemOutput answer_of_batch(std::vector<Tally>&& tallies, const std::optional<std::string>& return_consumed_capacity) {
  BatchWriteItemOutput output;
  output.unprocessed_items.emplace();
  for (Tally& tally : tallies) {
    if (auto capacity = describe(*tally.table, tally.consumed, return_consumed_capacity)) {
      if (!output.consumed_capacity) output.consumed_capacity.emplace();
      output.consumed_capacity->push_back(std::move(*capacity));
    }
    if (tally.metrics.empty()) continue;
    if (!output.item_collection_metrics) output.item_collection_metrics.emplace();
    (*output.item_collection_metrics)[tally.name] = std::move(tally.metrics);
  }
  return output;
}

}  // namespace

// Puts and deletes items of several tables, each for itself. The writes share transactions, which nobody can tell: AWS promises no more
// than that each is whole.
Task<Result<BatchWriteItemOutput>> batch_write_item(Dynamodb& dynamodb, Call& call, BatchWriteItemInput input) {
  const std::vector<BatchedWrite> writes = co_await batched_writes(call, input);
  const Place place = place_of(call);
  co_await check_writes(dynamodb, place, writes);
  std::vector<Tally> tallies;
  std::vector<size_t> unprocessed;  // for want of capacity or time, or in another's way
  for (size_t next = 0; next < writes.size();) {
    std::vector<SingleWritten> done;
    const size_t begin = next;
    auto run = call.world.store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
      done.clear();
      TransactionTables tables(dynamodb.tables(), transaction, place);
      size_t bytes = 0;
      for (next = begin; next < writes.size() && bytes < limits::batch_bytes_at_once; ++next) {
        SingleWritten& one = done.emplace_back();
        one.table = co_await tables.get(writes[next].name);
        if (!dynamodb.capacity().admit_write(*one.table)) continue;
        ItemChange change = co_await writes[next].prepare()(*one.table);
        one.key = std::move(change.key);
        one.written = co_await write_item(transaction, *one.table, one.key, change.change);
        bytes += written_bytes_max(*one.table, item_bytes(writes[next].attributes));
      }
      co_return {};
    });
    Result<void> written = co_await keep(std::move(run));
    if (!written && !may_succeed_later(written.error())) co_return fail(std::move(written.error()));
    for (size_t i = 0; i < done.size(); ++i) {
      if (!written || done[i].key.empty()) {
        unprocessed.push_back(begin + i);
        continue;
      }
      Tally& tally = tally_of(tallies, done[i].table, writes[begin + i].table);
      dynamodb.capacity().consumed(*done[i].table, done[i].written.consumed);
      tally.consumed.add(done[i].written.consumed);
      if (auto metrics = collection_metrics(*done[i].table, done[i].key, input.return_item_collection_metrics))
        tally.metrics.push_back(std::move(*metrics));
    }
  }
  if (unprocessed.size() == writes.size()) co_await dynamodb.capacity().admit_write(*co_await dynamodb.tables().get(place, writes[0].name));
  BatchWriteItemOutput output = answer_of_batch(std::move(tallies), input.return_consumed_capacity);
  for (const size_t i : unprocessed) (*output.unprocessed_items)[writes[i].table].push_back(writes[i].as_request());
  co_return output;
}

}  // namespace outcrop::dynamodb
