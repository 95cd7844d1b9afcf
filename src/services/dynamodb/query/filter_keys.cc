#include "services/dynamodb/query/filter_keys.h"

#include <fmt/format.h>

namespace outcrop::dynamodb {

namespace {

const Path* key_path(const Operand& operand, const KeySchemaOf& keys) {
  if (!operand.path.empty() && keys.has(operand.path[0].name)) return &operand.path;
  for (const Operand& argument : operand.arguments) {
    if (const Path* path = key_path(argument, keys)) return path;
  }
  return nullptr;
}

// The first path of a filter that leads to a key attribute, or null.
const Path* key_path(const BoundCondition& filter, const KeySchemaOf& keys) {
  for (const Operand& operand : filter.operands) {
    if (const Path* path = key_path(operand, keys)) return path;
  }
  for (const BoundCondition& part : filter.conditions) {
    if (const Path* path = key_path(part, keys)) return path;
  }
  return nullptr;
}

}  // namespace

Result<void> check_filter_keys(const BoundCondition& filter, const KeySchemaOf& keys, std::string_view parameter) {
  const Path* path = key_path(filter, keys);
  if (!path) return {};
  return fail("ValidationException", 400,
              fmt::format("{} can only contain non-primary key attributes: Primary key attribute: {}", parameter, (*path)[0].name));
}

}  // namespace outcrop::dynamodb
