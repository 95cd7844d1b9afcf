#include "gen/lambda/list_versions_by_function.h"

#include "services/lambda/function/description.h"
#include "services/lambda/function/limits.h"
#include "services/lambda/function/listing.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// $LATEST and the versions of a function, the oldest first.
Task<Result<ListVersionsByFunctionOutput>> list_versions_by_function(Lambda& lambda, Call& call, ListVersionsByFunctionInput input) {
  constexpr std::string_view kind = "versions-of";
  FunctionName name = co_await read_function_name(call, input.function_name);
  name.qualifier.reset();
  co_await lambda.functions().check_exists(name);
  PageWanted wanted = co_await read_page(kind, input.marker, input.max_items, limits::page_of_versions_max);
  const Page<ListedVersion> page = co_await list_versions(call.world, name.place, name.name, std::move(wanted));
  ListVersionsByFunctionOutput output{.versions = std::vector<FunctionConfiguration>()};
  for (const ListedVersion& listed : page.entries)
    output.versions->push_back(describe_listed<FunctionConfiguration>(name, name.arn() + ":" + listed.stored.version, listed.stored));
  if (page.has_more) output.next_marker = marker_of(kind, page.last);
  co_return output;
}

}  // namespace outcrop::lambda
