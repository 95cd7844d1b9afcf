#include "gen/dynamodb/tag_resource.h"

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/table/tags.h"

namespace outcrop::dynamodb {

// Adds tags to a table, or changes their values.
Task<Result<TagResourceOutput>> tag_resource(Dynamodb& dynamodb, Call& call, TagResourceInput input) {
  const std::string name = co_await table_in_arn(call, input.resource_arn);
  co_await dynamodb.tables().change(place_of(call), name, [&](TableRecord& record) { return add_tags(record.tags, input.tags); });
  co_return TagResourceOutput{};
}

}  // namespace outcrop::dynamodb
