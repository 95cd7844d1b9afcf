#include "services/dynamodb/table/definition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "services/dynamodb/limits.h"

namespace outcrop::dynamodb {

namespace {

constexpr std::string_view definition_invalid = "One or more parameter values were invalid: ";
constexpr int64_t units_max = 1'000'000'000'000;

std::unexpected<Fault> refuse_definition(std::string message) { return fail("ValidationException", 400, std::move(message)); }
std::unexpected<Fault> refuse_value(std::string message) { return refuse_definition(std::string(definition_invalid) + message); }

std::vector<std::string_view> names_of(const std::vector<KeySchemaElement>& keys) {
  std::vector<std::string_view> names;
  for (const KeySchemaElement& key : keys) names.push_back(key.attribute_name);
  return names;
}

std::vector<std::string_view> names_of(const std::vector<AttributeRecord>& attributes) {
  std::vector<std::string_view> names;
  for (const AttributeRecord& attribute : attributes) names.push_back(attribute.name);
  return names;
}

Result<void> check_key_schema(const std::vector<KeySchemaElement>& keys, const std::vector<AttributeRecord>& attributes) {
  const std::vector<std::string_view> names = names_of(keys), defined = names_of(attributes);
  if (names.size() > defined.size()) return refuse_definition("Invalid KeySchema: Some index key attribute have no definition");
  const bool all_defined =
      std::ranges::all_of(names, [&](std::string_view name) { return std::ranges::find(defined, name) != defined.end(); });
  if (!all_defined)
    return refuse_value(
        fmt::format("Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
                    fmt::join(names, ", "), fmt::join(defined, ", ")));
  if (names.size() == 2 && names[0] == names[1])
    return refuse_definition("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  if (keys[0].key_type != "HASH") return refuse_definition("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  if (keys.size() == 2 && keys[1].key_type != "RANGE")
    return refuse_definition("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  return {};
}

Result<void> check_projection(const Projection& projection) {
  if (!projection.projection_type) return refuse_value("Unknown ProjectionType: null");
  const bool is_include = *projection.projection_type == "INCLUDE";
  if (projection.non_key_attributes && !is_include)
    return refuse_value(fmt::format("ProjectionType is {}, but NonKeyAttributes is specified", *projection.projection_type));
  if (is_include && !projection.non_key_attributes) return refuse_value("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  return {};
}

IndexRecord index_record(const std::string& name, bool is_global, const std::vector<KeySchemaElement>& keys, const Projection& projection,
                         const std::optional<ProvisionedThroughput>& throughput) {
  IndexRecord index{.name = name, .number = 0, .is_global = is_global, .hash_key = keys[0].attribute_name};
  if (keys.size() == 2) index.range_key = keys[1].attribute_name;
  index.projection = *projection.projection_type;
  index.non_key_attributes = projection.non_key_attributes;
  if (throughput) {
    index.read_units = throughput->read_capacity_units;
    index.write_units = throughput->write_capacity_units;
  }
  return index;
}

Result<void> add_index(TableRecord& table, IndexRecord index) {
  if (std::ranges::find(table.indexes, index.name, &IndexRecord::name) != table.indexes.end())
    return refuse_value("Duplicate index name: " + index.name);
  index.number = table.next_index_number++;
  table.indexes.push_back(std::move(index));
  return {};
}

Result<void> add_local_index(TableRecord& table, const LocalSecondaryIndex& index) {
  if (auto checked = check_key_schema(index.key_schema, table.attributes); !checked) return checked;
  if (index.key_schema.size() != 2) return refuse_value("Index KeySchema does not have a range key for index: " + index.index_name);
  if (index.key_schema[0].attribute_name != table.hash_key)
    return refuse_value(
        fmt::format("Index KeySchema does not have the same leading hash key as table KeySchema for index: {}. index hash key: {}, "
                    "table hash key: {}",
                    index.index_name, index.key_schema[0].attribute_name, table.hash_key));
  if (auto checked = check_projection(index.projection); !checked) return checked;
  return add_index(table, index_record(index.index_name, false, index.key_schema, index.projection, std::nullopt));
}

Result<void> add_local_indexes(TableRecord& table, const std::vector<LocalSecondaryIndex>& indexes) {
  if (indexes.empty()) return refuse_value("List of LocalSecondaryIndexes is empty");
  if (!table.range_key)
    return refuse_value("Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex");
  for (const LocalSecondaryIndex& index : indexes) {
    if (auto added = add_local_index(table, index); !added) return added;
  }
  if (indexes.size() > limits::local_indexes_max)
    return refuse_value(fmt::format("Number of LocalSecondaryIndexes exceeds per-table limit of {}", limits::local_indexes_max));
  return {};
}

Result<void> add_global_indexes(TableRecord& table, const std::vector<GlobalSecondaryIndex>& indexes) {
  if (indexes.empty()) return refuse_value("List of GlobalSecondaryIndexes is empty");
  for (const GlobalSecondaryIndex& index : indexes) {
    Result<IndexRecord> record =
        read_global_index(table, index.index_name, index.key_schema, index.projection, index.provisioned_throughput);
    if (!record) return fail(std::move(record.error()));
    if (auto added = add_index(table, std::move(*record)); !added) return added;
  }
  if (indexes.size() > limits::global_indexes_max)
    return refuse_value(fmt::format("GlobalSecondaryIndex count exceeds the per-table limit of {}", limits::global_indexes_max));
  return {};
}

}  // namespace

Result<void> check_units(std::string_view billing_mode, const std::optional<ProvisionedThroughput>& throughput) {
  if (billing_mode == "PAY_PER_REQUEST") {
    if (!throughput) return {};
    return refuse_value("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
  }
  if (!throughput) return refuse_value("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
  for (const auto& [units, name] : {std::pair(throughput->read_capacity_units, "ReadCapacityUnits"),
                                    std::pair(throughput->write_capacity_units, "WriteCapacityUnits")}) {
    if (units > units_max) return refuse_definition(fmt::format("Given value {} for {} is out of bounds", units, name));
  }
  return {};
}

Result<void> check_all_used(const TableRecord& table) {
  std::set<std::string_view> used = {table.hash_key};
  if (table.range_key) used.insert(*table.range_key);
  for (const IndexRecord& index : table.indexes) {
    used.insert(index.hash_key);
    if (index.range_key) used.insert(*index.range_key);
  }
  const std::vector<std::string_view> defined = names_of(table.attributes);
  if (std::ranges::all_of(defined, [&](std::string_view name) { return used.contains(name); })) return {};
  if (table.indexes.empty())
    return refuse_value("Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions");
  return refuse_value(fmt::format("Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
                                  fmt::join(defined, ", "), fmt::join(used, ", ")));
}

Result<IndexRecord> read_global_index(const TableRecord& table, const std::string& name, const std::vector<KeySchemaElement>& keys,
                                      const Projection& projection, const std::optional<ProvisionedThroughput>& throughput) {
  if (auto checked = check_key_schema(keys, table.attributes); !checked) return fail(std::move(checked.error()));
  if (auto checked = check_projection(projection); !checked) return fail(std::move(checked.error()));
  if (table.billing_mode == "PAY_PER_REQUEST" && throughput)
    return refuse_value(
        fmt::format("ProvisionedThroughput should not be specified for index: {} when BillingMode is PAY_PER_REQUEST", name));
  if (table.billing_mode != "PAY_PER_REQUEST" && !throughput)
    return refuse_value(fmt::format("ProvisionedThroughput must be specified for index: {}", name));
  return index_record(name, true, keys, projection, throughput);
}

Result<TableRecord> read_definition(const CreateTableInput& input) {
  TableRecord table;
  table.billing_mode = input.billing_mode.value_or("PROVISIONED");
  if (auto checked = check_units(table.billing_mode, input.provisioned_throughput); !checked) return fail(std::move(checked.error()));
  if (input.provisioned_throughput) {
    table.read_units = input.provisioned_throughput->read_capacity_units;
    table.write_units = input.provisioned_throughput->write_capacity_units;
  }
  for (const AttributeDefinition& attribute : input.attribute_definitions.value_or(std::vector<AttributeDefinition>()))
    table.attributes.push_back({attribute.attribute_name, attribute.attribute_type});
  const std::vector<KeySchemaElement> keys = input.key_schema.value_or(std::vector<KeySchemaElement>());
  if (!input.key_schema) return refuse_value("The KeySchema parameter is required for CreateTable");
  if (keys.empty())
    return refuse_definition(
        "1 validation error detected: Value '[]' at 'keySchema' failed to satisfy constraint: Member must have length greater than or "
        "equal "
        "to 1");
  if (auto checked = check_key_schema(keys, table.attributes); !checked) return fail(std::move(checked.error()));
  table.hash_key = keys[0].attribute_name;
  if (keys.size() == 2) table.range_key = keys[1].attribute_name;
  table.next_index_number = 1;
  if (input.local_secondary_indexes) {
    if (auto added = add_local_indexes(table, *input.local_secondary_indexes); !added) return fail(std::move(added.error()));
  }
  if (input.global_secondary_indexes) {
    if (auto added = add_global_indexes(table, *input.global_secondary_indexes); !added) return fail(std::move(added.error()));
  }
  if (auto checked = check_all_used(table); !checked) return fail(std::move(checked.error()));
  return table;
}

}  // namespace outcrop::dynamodb
