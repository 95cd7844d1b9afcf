#include "gen/dynamodb/update_time_to_live.h"

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/item/expiry.h"
#include "services/dynamodb/table/table_name.h"

namespace outcrop::dynamodb {

// From now on items expire at the second that their attribute says, or no longer.
Task<Result<UpdateTimeToLiveOutput>> update_time_to_live(Dynamodb& dynamodb, Call& call, UpdateTimeToLiveInput input) {
  const std::string name = co_await read_table_name(call, input.table_name);
  const TimeToLiveSpecification& wanted = input.time_to_live_specification;
  const TableRef table = co_await dynamodb.tables().change(place_of(call), name, [&](TableRecord& record) -> Result<void> {
    if (wanted.enabled && record.time_to_live) return fail("ValidationException", 400, "TimeToLive is already enabled");
    if (!wanted.enabled && !record.time_to_live) return fail("ValidationException", 400, "TimeToLive is already disabled");
    if (!wanted.enabled && *record.time_to_live != wanted.attribute_name)
      return fail("ValidationException", 400,
                  "TimeToLive is active on a different AttributeName: current AttributeName is " + *record.time_to_live);
    record.time_to_live = wanted.enabled ? std::optional(wanted.attribute_name) : std::nullopt;
    return {};
  });
  if (wanted.enabled) {
    dynamodb.upkeep().fill(table);
  } else {
    store::WriteBatch batch;
    batch.erase_range(expiries(*table));
    co_await call.world.store.write(std::move(batch));
  }
  co_return UpdateTimeToLiveOutput{.time_to_live_specification = wanted};
}

}  // namespace outcrop::dynamodb
