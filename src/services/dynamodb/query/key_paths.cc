#include "services/dynamodb/query/key_paths.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

namespace outcrop::dynamodb {

namespace {

// The attributes that paths lead into.
using Opened = std::set<std::string_view>;

void open(Opened& opened, const Path& path) {
  if (path.size() > 1) opened.insert(path[0].name);
}

void open(Opened& opened, const Operand& operand) {
  open(opened, operand.path);
  for (const Operand& argument : operand.arguments) open(opened, argument);
}

void open(Opened& opened, const BoundCondition& condition) {
  for (const Operand& operand : condition.operands) open(opened, operand);
  for (const BoundCondition& part : condition.conditions) open(opened, part);
}

Result<void> check_closed(const Opened& opened, const KeySchemaOf& keys, std::string_view kind) {
  for (const KeyAttribute* attribute : {&keys.hash, keys.range ? &*keys.range : nullptr}) {
    if (!attribute || !opened.contains(attribute->name)) continue;
    return fail("ValidationException", 400,
                fmt::format("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: {}: {}", kind,
                            attribute->name));
  }
  return {};
}

Result<void> check_closed(const Opened& opened, const Table& table) {
  if (opened.empty()) return {};
  if (auto checked = check_closed(opened, table.keys, "Key"); !checked) return checked;
  for (const Index& index : table.indexes) {
    if (auto checked = check_closed(opened, index.keys, "IndexKey"); !checked) return checked;
  }
  return {};
}

}  // namespace

Result<void> check_key_paths(const Table& table, const BoundProjection* projection) {
  Opened opened;
  if (projection) {
    for (const Path& path : *projection) open(opened, path);
  }
  return check_closed(opened, table);
}

Result<void> check_key_paths(const Table& table, const BoundCondition* filter) {
  Opened opened;
  if (filter) open(opened, *filter);
  return check_closed(opened, table);
}

}  // namespace outcrop::dynamodb
