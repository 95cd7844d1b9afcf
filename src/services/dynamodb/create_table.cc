#include "gen/dynamodb/create_table.h"

#include <fmt/format.h>

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/table/definition.h"
#include "services/dynamodb/table/description.h"
#include "services/dynamodb/table/table_name.h"
#include "services/dynamodb/table/tags.h"
#include "services/dynamodb/table/unbuilt.h"

namespace outcrop::dynamodb {

namespace {

constexpr size_t created_name_bytes_min = 3;

Result<void> check_name(std::string_view name) {
  if (name.size() >= created_name_bytes_min) return {};
  return fail(
      "ValidationException", 400,
      fmt::format(
          "1 validation error detected: Value '{}' at 'tableName' failed to satisfy constraint: Member must have length greater than "
          "or equal to {}",
          name, created_name_bytes_min));
}

}  // namespace

// Makes a table, which can be used at once.
Task<Result<CreateTableOutput>> create_table(Dynamodb& dynamodb, Call& call, CreateTableInput input) {
  const std::string name = co_await read_table_name(call, input.table_name);
  co_await check_name(name);
  co_await refuse_unbuilt(input);
  TableRecord record = co_await read_definition(input);
  if (input.tags) co_await add_tags(record.tags, *input.tags);
  record.id = call.world.random.uuid();
  record.item_prefix = int64_t(call.world.random.next());
  record.created_at = call.world.clock.wall();
  if (record.billing_mode == "PAY_PER_REQUEST") record.on_demand_since = record.created_at;
  record.is_protected = input.deletion_protection_enabled.value_or(false);
  record.table_class = input.table_class;
  if (input.sse_specification) record.is_encrypted = input.sse_specification->enabled;
  const TableRef table = co_await dynamodb.tables().create(place_of(call), name, std::move(record));
  co_return CreateTableOutput{.table_description = describe(*table, status_creating)};
}

}  // namespace outcrop::dynamodb
