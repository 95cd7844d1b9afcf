#include "services/dynamodb/table/schema.h"

#include <algorithm>

#include "base/check.h"

namespace outcrop::dynamodb {

namespace {

KeyAttribute key_attribute(const TableRecord& record, const std::string& name) {
  const auto found = std::ranges::find(record.attributes, name, &AttributeRecord::name);
  check(found != record.attributes.end(), "a table whose key attribute has no definition");
  return {name, type_named(found->type).value_or(Type::string)};
}

KeySchemaOf key_schema(const TableRecord& record, const std::string& hash, const std::optional<std::string>& range) {
  KeySchemaOf keys{.hash = key_attribute(record, hash), .range = {}};
  if (range) keys.range = key_attribute(record, *range);
  return keys;
}

ProjectionType projection_type(std::string_view name) {
  if (name == "KEYS_ONLY") return ProjectionType::keys_only;
  return name == "INCLUDE" ? ProjectionType::include : ProjectionType::all;
}

}  // namespace

const Index* Table::find(std::string_view index) const {
  const auto found = std::ranges::find(indexes, index, &Index::name);
  return found == indexes.end() ? nullptr : &*found;
}

TableRef make_table(Place place, std::string name, TableRecord record) {
  auto table = std::make_shared<Table>();
  table->place = std::move(place);
  table->name = std::move(name);
  table->keys = key_schema(record, record.hash_key, record.range_key);
  for (const IndexRecord& index : record.indexes)
    table->indexes.push_back({.name = index.name,
                              .number = uint16_t(index.number),
                              .is_global = index.is_global,
                              .keys = key_schema(record, index.hash_key, index.range_key),
                              .projection = projection_type(index.projection),
                              .non_key_attributes = index.non_key_attributes.value_or(std::vector<std::string>()),
                              .is_backfilling = index.is_backfilling});
  table->record = std::move(record);
  return table;
}

}  // namespace outcrop::dynamodb
