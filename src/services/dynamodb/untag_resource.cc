#include "gen/dynamodb/untag_resource.h"

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/table/tags.h"

namespace outcrop::dynamodb {

// Takes tags away from a table; those it has not are no fault.
Task<Result<UntagResourceOutput>> untag_resource(Dynamodb& dynamodb, Call& call, UntagResourceInput input) {
  const std::string name = co_await table_in_arn(call, input.resource_arn);
  co_await dynamodb.tables().change(place_of(call), name, [&](TableRecord& record) -> Result<void> {
    for (const std::string& key : input.tag_keys) record.tags.erase(key);
    return {};
  });
  co_return UntagResourceOutput{};
}

}  // namespace outcrop::dynamodb
