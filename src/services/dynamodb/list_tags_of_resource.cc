#include "gen/dynamodb/list_tags_of_resource.h"

#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/table/tags.h"

namespace outcrop::dynamodb {

// Lists a table's tags, all in one page: there are 50 at the most.
Task<Result<ListTagsOfResourceOutput>> list_tags_of_resource(Dynamodb& dynamodb, Call& call, ListTagsOfResourceInput input) {
  const std::string name = co_await table_in_arn(call, input.resource_arn);
  Result<TableRef> table = co_await keep(dynamodb.tables().get(place_of(call), name));
  if (!table) co_return fail(table.error().code == "ResourceNotFoundException" ? table_not_found(name) : std::move(table.error()));
  ListTagsOfResourceOutput output;
  output.tags.emplace();
  for (const auto& [key, value] : (*table)->record.tags) output.tags->push_back({key, value});
  co_return output;
}

}  // namespace outcrop::dynamodb
