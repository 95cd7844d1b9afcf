#include "gen/lambda/list_aliases.h"

#include "services/lambda/function/aliases.h"
#include "services/lambda/function/limits.h"
#include "services/lambda/function/listing.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// The aliases of a function, by name, or those that name a version of it.
Task<Result<ListAliasesOutput>> list_aliases(Lambda& lambda, Call& call, ListAliasesInput input) {
  constexpr std::string_view kind = "aliases";
  FunctionName name = co_await read_function_name(call, input.function_name);
  name.qualifier.reset();
  co_await lambda.functions().check_exists(name);
  PageWanted wanted = co_await read_page(kind, input.marker, input.max_items, limits::page_of_aliases_max);
  const Page<ListedAlias> page = co_await list_aliases_of(call.world, name, std::move(input.function_version), std::move(wanted));
  ListAliasesOutput output{.aliases = std::vector<AliasConfiguration>()};
  for (const ListedAlias& listed : page.entries)
    output.aliases->push_back(describe_alias<AliasConfiguration>(name, listed.alias, listed.record));
  if (page.has_more) output.next_marker = marker_of(kind, page.last);
  co_return output;
}

}  // namespace outcrop::lambda
