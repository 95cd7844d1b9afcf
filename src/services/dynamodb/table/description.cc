#include "services/dynamodb/table/description.h"

namespace outcrop::dynamodb {

namespace {

std::vector<KeySchemaElement> key_schema_of(const std::string& hash, const std::optional<std::string>& range) {
  std::vector<KeySchemaElement> keys = {{hash, "HASH"}};
  if (range) keys.push_back({*range, "RANGE"});
  return keys;
}

Projection projection_of(const IndexRecord& index) {
  Projection projection{.projection_type = index.projection};
  projection.non_key_attributes = index.non_key_attributes;
  return projection;
}

ProvisionedThroughputDescription throughput_of(const TableRecord& table, int64_t read, int64_t write) {
  ProvisionedThroughputDescription throughput;
  throughput.last_increase_date_time = table.increased_at;
  throughput.last_decrease_date_time = table.decreased_at;
  throughput.number_of_decreases_today = table.decreases;
  throughput.read_capacity_units = read;
  throughput.write_capacity_units = write;
  return throughput;
}

// What a table or index can serve at once: what it is provisioned with; on demand, what a new table can at AWS.
template <class Description>
Description warm_throughput_of(bool is_on_demand, int64_t read, int64_t write) {
  constexpr int64_t on_demand_read_units = 12'000, on_demand_write_units = 4'000;
  return {.read_units_per_second = is_on_demand ? on_demand_read_units : read,
          .write_units_per_second = is_on_demand ? on_demand_write_units : write,
          .status = std::string(status_active)};
}

GlobalSecondaryIndexDescription describe_global(const Table& table, const IndexRecord& index, std::string_view status) {
  GlobalSecondaryIndexDescription description;
  description.index_name = index.name;
  description.key_schema = key_schema_of(index.hash_key, index.range_key);
  description.projection = projection_of(index);
  description.index_status = std::string(index.is_backfilling ? status_creating : status);
  if (index.is_backfilling) description.backfilling = true;
  description.provisioned_throughput = throughput_of(TableRecord(), index.read_units, index.write_units);
  description.index_size_bytes = index.item_bytes;
  description.item_count = index.item_count;
  description.index_arn = table.arn() + "/index/" + index.name;
  if (status != status_creating && !index.is_backfilling)
    description.warm_throughput =
        warm_throughput_of<GlobalSecondaryIndexWarmThroughputDescription>(table.is_on_demand(), index.read_units, index.write_units);
  return description;
}

LocalSecondaryIndexDescription describe_local(const Table& table, const IndexRecord& index) {
  LocalSecondaryIndexDescription description;
  description.index_name = index.name;
  description.key_schema = key_schema_of(index.hash_key, index.range_key);
  description.projection = projection_of(index);
  description.index_size_bytes = index.item_bytes;
  description.item_count = index.item_count;
  description.index_arn = table.arn() + "/index/" + index.name;
  return description;
}

}  // namespace

TableDescription describe(const Table& table, std::string_view status) {
  const TableRecord& record = table.record;
  TableDescription description;
  for (const AttributeRecord& attribute : record.attributes) {
    if (!description.attribute_definitions) description.attribute_definitions.emplace();
    description.attribute_definitions->push_back({attribute.name, attribute.type});
  }
  description.table_name = table.name;
  description.key_schema = key_schema_of(record.hash_key, record.range_key);
  description.table_status = std::string(status);
  description.creation_date_time = record.created_at;
  description.provisioned_throughput = throughput_of(record, record.read_units, record.write_units);
  description.table_size_bytes = record.item_bytes;
  description.item_count = record.item_count;
  description.table_arn = table.arn();
  description.table_id = record.id;
  if (record.on_demand_since) {
    description.billing_mode_summary = BillingModeSummary{.billing_mode = record.billing_mode};
    if (status != status_creating) description.billing_mode_summary->last_update_to_pay_per_request_date_time = *record.on_demand_since;
  }
  for (const IndexRecord& index : record.indexes) {
    if (index.is_global) {
      if (!description.global_secondary_indexes) description.global_secondary_indexes.emplace();
      description.global_secondary_indexes->push_back(
          describe_global(table, index, status == status_creating ? status_creating : status_active));
    } else {
      if (!description.local_secondary_indexes) description.local_secondary_indexes.emplace();
      description.local_secondary_indexes->push_back(describe_local(table, index));
    }
  }
  if (record.table_class) description.table_class_summary = TableClassSummary{.table_class = record.table_class};
  description.deletion_protection_enabled = record.is_protected;
  if (record.is_encrypted.value_or(false)) description.sse_description = SSEDescription{.status = "ENABLED", .sse_type = "KMS"};
  if (status != status_creating)
    description.warm_throughput =
        warm_throughput_of<TableWarmThroughputDescription>(table.is_on_demand(), record.read_units, record.write_units);
  return description;
}

}  // namespace outcrop::dynamodb
