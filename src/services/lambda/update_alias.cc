#include "gen/lambda/update_alias.h"

#include "services/lambda/function/aliases.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

Task<Result<UpdateAliasOutput>> update_alias(Lambda& lambda, Call& call, UpdateAliasInput input) {
  FunctionName name = co_await read_function_name(call, input.function_name);
  name.qualifier.reset();
  AliasChange change{.version = std::move(input.function_version),
                     .description = std::move(input.description),
                     .weights = weights_of(std::move(input.routing_config)),
                     .revision_id = std::move(input.revision_id)};
  const AliasRecord changed = co_await change_alias_of(call.world, name, input.name, std::move(change));
  co_await lambda.provisioned_concurrency().apply(name);
  co_return describe_alias<UpdateAliasOutput>(name, input.name, changed);
}

}  // namespace outcrop::lambda
