#include "gen/dynamodb/describe_continuous_backups.h"

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/table/table_name.h"

namespace outcrop::dynamodb {

// Tells that continuous backups are on, as they always are at AWS, and that no point in time can be restored: this server has no restore.
Task<Result<DescribeContinuousBackupsOutput>> describe_continuous_backups(Dynamodb& dynamodb, Call& call,
                                                                          DescribeContinuousBackupsInput input) {
  const std::string name = co_await read_table_name(call, input.table_name);
  Result<TableRef> table = co_await keep(dynamodb.tables().get(place_of(call), name));
  if (!table && table.error().code == "ResourceNotFoundException")
    co_return fail("TableNotFoundException", 400, "Table not found: " + name);
  if (!table) co_return fail(std::move(table.error()));
  ContinuousBackupsDescription description{.continuous_backups_status = "ENABLED"};
  description.point_in_time_recovery_description = PointInTimeRecoveryDescription{.point_in_time_recovery_status = "DISABLED"};
  co_return DescribeContinuousBackupsOutput{.continuous_backups_description = std::move(description)};
}

}  // namespace outcrop::dynamodb
