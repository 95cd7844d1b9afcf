#include "gen/dynamodb/delete_table.h"

#include <fmt/format.h>

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/table/description.h"
#include "services/dynamodb/table/table_name.h"

namespace outcrop::dynamodb {

// Deletes a table with all its items, unless it is protected.
Task<Result<DeleteTableOutput>> delete_table(Dynamodb& dynamodb, Call& call, DeleteTableInput input) {
  const std::string name = co_await read_table_name(call, input.table_name);
  const TableRef table = co_await dynamodb.tables().erase(place_of(call), name, [](const Table& found) -> Result<void> {
    if (!found.record.is_protected) return {};
    return fail(
        "ValidationException", 400,
        fmt::format("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."));
  });
  co_return DeleteTableOutput{.table_description = describe(*table, status_deleting)};
}

}  // namespace outcrop::dynamodb
