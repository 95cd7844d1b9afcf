#include "gen/dynamodb/describe_limits.h"

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/limits.h"

namespace outcrop::dynamodb {

// Tells the default quotas of capacity, which nothing here raises.
Task<Result<DescribeLimitsOutput>> describe_limits(Dynamodb&, Call&, DescribeLimitsInput) {
  co_return DescribeLimitsOutput{.account_max_read_capacity_units = limits::account_units_max,
                                 .account_max_write_capacity_units = limits::account_units_max,
                                 .table_max_read_capacity_units = limits::table_units_max,
                                 .table_max_write_capacity_units = limits::table_units_max};
}

}  // namespace outcrop::dynamodb
