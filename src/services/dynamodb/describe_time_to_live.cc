#include "gen/dynamodb/describe_time_to_live.h"

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/table/table_name.h"

namespace outcrop::dynamodb {

// Tells whether items of a table expire, and by which attribute.
Task<Result<DescribeTimeToLiveOutput>> describe_time_to_live(Dynamodb& dynamodb, Call& call, DescribeTimeToLiveInput input) {
  const std::string name = co_await read_table_name(call, input.table_name);
  Result<TableRef> table = co_await keep(dynamodb.tables().get(place_of(call), name));
  if (!table) co_return fail(table.error().code == "ResourceNotFoundException" ? table_not_found(name) : std::move(table.error()));
  const std::optional<std::string>& attribute = (*table)->record.time_to_live;
  TimeToLiveDescription description{.time_to_live_status = attribute ? "ENABLED" : "DISABLED"};
  description.attribute_name = attribute;
  co_return DescribeTimeToLiveOutput{.time_to_live_description = std::move(description)};
}

}  // namespace outcrop::dynamodb
