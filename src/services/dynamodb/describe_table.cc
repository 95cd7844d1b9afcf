#include "gen/dynamodb/describe_table.h"

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/table/description.h"
#include "services/dynamodb/table/table_name.h"

namespace outcrop::dynamodb {

// Describes a table.
Task<Result<DescribeTableOutput>> describe_table(Dynamodb& dynamodb, Call& call, DescribeTableInput input) {
  const std::string name = co_await read_table_name(call, input.table_name);
  Result<TableRef> table = co_await keep(dynamodb.tables().get(place_of(call), name));
  if (!table) co_return fail(table.error().code == "ResourceNotFoundException" ? table_not_found(name) : std::move(table.error()));
  co_return DescribeTableOutput{.table = describe(**table, status_active)};
}

}  // namespace outcrop::dynamodb
