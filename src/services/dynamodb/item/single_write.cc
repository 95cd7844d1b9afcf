#include "services/dynamodb/item/single_write.h"

#include <algorithm>

#include "gen/dynamodb/errors.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

Task<Result<SingleWritten>> write_one(Dynamodb& dynamodb, const Place& place, std::string_view table_name, const PrepareItem& prepare) {
  SingleWritten done;
  size_t bytes_before = 0;  // of the item that did not meet its condition
  auto run = dynamodb.world().store.run([&](store::Transaction& transaction) -> Task<Result<void>> {
    done.table = co_await dynamodb.tables().get(transaction, place, table_name);
    co_await dynamodb.capacity().admit_write(*done.table);
    ItemChange change = co_await prepare(*done.table);
    done.key = std::move(change.key);
    const ChangeItem noted = [&](const std::optional<Attributes>& before) {
      auto after = change.change(before);
      if (!after && before) bytes_before = item_bytes(*before);
      return after;
    };
    done.written = co_await write_item(transaction, *done.table, done.key, noted);
    co_return {};
  });
  Result<void> outcome = co_await keep(std::move(run));
  if (!outcome && outcome.error().code == "ConditionalCheckFailedException")
    dynamodb.capacity().condition_failed(*done.table, {.table_write = write_units(bytes_before, false)});
  if (outcome) dynamodb.capacity().consumed(*done.table, done.written.consumed);
  if (!outcome && outcome.error().code == "TransactionConflict")
    co_return fail(transaction_conflict_exception("Transaction is ongoing for the item"));
  if (!outcome) co_return fail(std::move(outcome.error()));
  co_return done;
}

Result<bool> returns_old_item(const std::optional<std::string>& return_values) {
  if (return_values && *return_values != "ALL_OLD" && *return_values != "NONE")
    return fail("ValidationException", 400, "ReturnValues can only be ALL_OLD or NONE");
  return return_values == "ALL_OLD";
}

// The estimate is a range of a gigabyte, as AWS gives it; a collection of more than one is told as the first.
std::optional<ItemCollectionMetrics> collection_metrics(const Table& table, const Attributes& key,
                                                        const std::optional<std::string>& asked) {
  const bool has_local_index = std::ranges::any_of(table.indexes, [](const Index& index) { return !index.is_global; });
  if (asked != "SIZE" || !has_local_index) return std::nullopt;
  ItemCollectionMetrics metrics;
  metrics.item_collection_key.emplace()[table.keys.hash.name] = write_value(Value(*key.find(table.keys.hash.name)));
  metrics.size_estimate_range_gb = std::vector<double>{0, 1};
  return metrics;
}

}  // namespace outcrop::dynamodb
