#include "gen/lambda/list_functions.h"

#include "services/lambda/function/description.h"
#include "services/lambda/function/limits.h"
#include "services/lambda/function/listing.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// The functions of the caller's Region, or all of their versions. Replicas for Lambda@Edge, which MasterRegion asks for, there are none.
Task<Result<ListFunctionsOutput>> list_functions(Lambda&, Call& call, ListFunctionsInput input) {
  const bool all_versions = input.function_version.has_value();
  const std::string_view kind = all_versions ? "versions" : "functions";
  PageWanted wanted = co_await read_page(kind, input.marker, input.max_items, limits::page_of_functions_max);
  ListFunctionsOutput output{.functions = std::vector<FunctionConfiguration>()};
  if (input.master_region && *input.master_region != "ALL") co_return output;
  const Place place = place_of(call);
  Page<ListedVersion> page = all_versions ? co_await list_versions(call.world, place, std::nullopt, std::move(wanted))
                                          : co_await list_latest(call.world, place, std::move(wanted));
  for (const ListedVersion& listed : page.entries) {
    const FunctionName name{place, listed.function};
    std::string arn = all_versions ? name.arn() + ":" + listed.stored.version : name.arn();
    output.functions->push_back(describe_listed<FunctionConfiguration>(name, std::move(arn), listed.stored));
  }
  if (page.has_more) output.next_marker = marker_of(kind, page.last);
  co_return output;
}

}  // namespace outcrop::lambda
