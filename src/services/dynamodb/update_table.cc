#include "gen/dynamodb/update_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "gen/dynamodb/errors.h"
#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/table/definition.h"
#include "services/dynamodb/table/description.h"
#include "services/dynamodb/table/table_name.h"
#include "services/dynamodb/table/unbuilt.h"

namespace outcrop::dynamodb {

namespace {

std::unexpected<Fault> refuse_update(std::string message) { return fail("ValidationException", 400, std::move(message)); }

Result<void> check_anything_asked(const UpdateTableInput& input) {
  const bool has_updates = input.global_secondary_index_updates && !input.global_secondary_index_updates->empty();
  const bool is_any = input.billing_mode || input.provisioned_throughput || has_updates || input.stream_specification ||
                      input.sse_specification || input.table_class || input.deletion_protection_enabled;
  if (is_any) return {};
  return refuse_update(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or "
      "ReplicaUpdates "
      "is required");
}

Result<void> change_capacity(TableRecord& table, const UpdateTableInput& input, Instant now) {
  const std::string mode = input.billing_mode.value_or(table.billing_mode);
  if (input.billing_mode == "PROVISIONED" && !input.provisioned_throughput)
    return refuse_update(
        "One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  if (input.provisioned_throughput) {
    if (auto checked = check_units(mode, input.provisioned_throughput); !checked) return checked;
    const int64_t read = input.provisioned_throughput->read_capacity_units, write = input.provisioned_throughput->write_capacity_units;
    if (read == table.read_units && write == table.write_units && mode == table.billing_mode)
      return refuse_update(
          fmt::format("The provisioned throughput for the table will not change. The requested value equals the current value. Current "
                      "ReadCapacityUnits provisioned for the table: {}. Requested ReadCapacityUnits: {}. Current WriteCapacityUnits "
                      "provisioned for the table: {}. Requested WriteCapacityUnits: {}. Refer to the Amazon DynamoDB Developer Guide for "
                      "current limits and how to request higher limits.",
                      table.read_units, read, table.write_units, write));
    if (read > table.read_units || write > table.write_units) table.increased_at = now;
    if (read < table.read_units || write < table.write_units) {
      table.decreased_at = now;
      ++table.decreases;
    }
    table.read_units = read;
    table.write_units = write;
  }
  if (mode == table.billing_mode) return {};
  table.billing_mode = mode;
  if (mode != "PAY_PER_REQUEST") return {};
  table.on_demand_since = now;
  table.read_units = table.write_units = 0;
  for (IndexRecord& index : table.indexes) index.read_units = index.write_units = 0;
  return {};
}

// Definitions that come with an update are those of all keys of the table, as it will be.
Result<void> add_definitions(TableRecord& table, const std::vector<AttributeDefinition>& definitions) {
  for (const AttributeDefinition& definition : definitions) {
    const auto known = std::ranges::find(table.attributes, definition.attribute_name, &AttributeRecord::name);
    if (known == table.attributes.end())
      table.attributes.push_back({definition.attribute_name, definition.attribute_type});
    else if (known->type != definition.attribute_type)
      return refuse_update("One or more parameter values were invalid: The type of an attribute that is a key cannot be changed: " +
                           known->name);
  }
  return {};
}

Result<void> create_index(TableRecord& table, const CreateGlobalSecondaryIndexAction& action) {
  if (std::ranges::find(table.indexes, action.index_name, &IndexRecord::name) != table.indexes.end())
    return refuse_update("Attempting to create an index which already exists");
  Result<IndexRecord> index =
      read_global_index(table, action.index_name, action.key_schema, action.projection, action.provisioned_throughput);
  if (!index) return fail(std::move(index.error()));
  if (std::ranges::count_if(table.indexes, &IndexRecord::is_global) >= std::ptrdiff_t(limits::global_indexes_max))
    return fail(
        limit_exceeded_exception(fmt::format("GlobalSecondaryIndex count exceeds the per-table limit of {}", limits::global_indexes_max)));
  index->number = table.next_index_number++;
  index->is_backfilling = true;
  table.indexes.push_back(std::move(*index));
  return {};
}

Result<std::vector<IndexRecord>::iterator> global_index(TableRecord& table, std::string_view name) {
  const auto found = std::ranges::find_if(table.indexes, [&](const IndexRecord& index) { return index.is_global && index.name == name; });
  if (found == table.indexes.end()) return fail(resource_not_found_exception("Requested resource not found"));
  return found;
}

Result<void> check_updates(const std::vector<GlobalSecondaryIndexUpdate>& updates) {
  const bool all_say_what = std::ranges::all_of(
      updates, [](const GlobalSecondaryIndexUpdate& update) { return update.create || update.delete_ || update.update; });
  if (all_say_what) return {};
  return refuse_update(
      "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
      "GlobalSecondaryIndexUpdate.Delete must not be null");
}

Result<void> change_index(TableRecord& table, const GlobalSecondaryIndexUpdate& update) {
  if (update.create) return create_index(table, *update.create);
  if (update.delete_) {
    auto index = global_index(table, update.delete_->index_name);
    if (!index) return fail(std::move(index.error()));
    table.indexes.erase(*index);
    return {};
  }
  auto index = global_index(table, update.update->index_name);
  if (!index) return fail(std::move(index.error()));
  if (update.update->provisioned_throughput) {
    (*index)->read_units = update.update->provisioned_throughput->read_capacity_units;
    (*index)->write_units = update.update->provisioned_throughput->write_capacity_units;
  }
  return {};
}

// What no key uses any more goes.
void forget_unused_definitions(TableRecord& table) {
  std::set<std::string> used = {table.hash_key, table.range_key.value_or(table.hash_key)};
  for (const IndexRecord& index : table.indexes) {
    used.insert(index.hash_key);
    if (index.range_key) used.insert(*index.range_key);
  }
  std::erase_if(table.attributes, [&used](const AttributeRecord& attribute) { return !used.contains(attribute.name); });
}

Result<void> change_indexes(TableRecord& table, const std::vector<GlobalSecondaryIndexUpdate>& updates) {
  const auto creations = std::ranges::count_if(updates, [](const GlobalSecondaryIndexUpdate& update) { return update.create.has_value(); });
  const auto deletions =
      std::ranges::count_if(updates, [](const GlobalSecondaryIndexUpdate& update) { return update.delete_.has_value(); });
  const bool is_building = std::ranges::any_of(table.indexes, &IndexRecord::is_backfilling);
  if (creations + deletions > 1 || (creations > 0 && is_building))
    return fail(
        limit_exceeded_exception("Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"));
  for (const GlobalSecondaryIndexUpdate& update : updates) {
    if (auto changed = change_index(table, update); !changed) return changed;
  }
  if (deletions > 0) forget_unused_definitions(table);
  return check_all_used(table);
}

}  // namespace

// Changes capacity, global indexes, class and protection of a table. An index that is added is filled in the background.
Task<Result<UpdateTableOutput>> update_table(Dynamodb& dynamodb, Call& call, UpdateTableInput input) {
  const std::string name = co_await read_table_name(call, input.table_name);
  co_await refuse_unbuilt(input);
  co_await check_anything_asked(input);
  if (input.global_secondary_index_updates) co_await check_updates(*input.global_secondary_index_updates);
  const Instant now = call.world.clock.wall();
  std::vector<IndexRecord> before;
  const TableRef table = co_await dynamodb.tables().change(place_of(call), name, [&](TableRecord& record) -> Result<void> {
    before = record.indexes;
    if (auto changed = change_capacity(record, input, now); !changed) return changed;
    if (input.attribute_definitions) {
      if (auto added = add_definitions(record, *input.attribute_definitions); !added) return added;
    }
    if (input.global_secondary_index_updates) {
      if (auto changed = change_indexes(record, *input.global_secondary_index_updates); !changed) return changed;
    }
    if (input.table_class) record.table_class = input.table_class;
    if (input.sse_specification) record.is_encrypted = input.sse_specification->enabled;
    if (input.deletion_protection_enabled) record.is_protected = *input.deletion_protection_enabled;
    return {};
  });
  store::WriteBatch gone;
  for (const IndexRecord& index : before) {
    if (!table->find(index.name)) gone.erase_range(store::Range::prefix(items_prefix(table->prefix(), uint16_t(index.number))));
  }
  if (!gone.empty()) co_await call.world.store.write(std::move(gone));
  if (std::ranges::any_of(table->indexes, &Index::is_backfilling)) dynamodb.upkeep().fill(table);
  co_return UpdateTableOutput{.table_description = describe(*table, status_updating)};
}

}  // namespace outcrop::dynamodb
