#include "gen/lambda/create_alias.h"

#include "services/lambda/function/aliases.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

Task<Result<CreateAliasOutput>> create_alias(Lambda&, Call& call, CreateAliasInput input) {
  FunctionName name = co_await read_function_name(call, input.function_name);
  name.qualifier.reset();
  AliasRecord record{.version = std::move(input.function_version),
                     .description = std::move(input.description).value_or(""),
                     .weights = weights_of(std::move(input.routing_config))};
  const AliasRecord made = co_await create_alias_of(call.world, name, input.name, std::move(record));
  co_return describe_alias<CreateAliasOutput>(name, input.name, made);
}

}  // namespace outcrop::lambda
