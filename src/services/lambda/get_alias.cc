#include "gen/lambda/get_alias.h"

#include "services/lambda/function/aliases.h"
#include "services/lambda/function/wording.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

Task<Result<GetAliasOutput>> get_alias(Lambda& lambda, Call& call, GetAliasInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name);
  const std::optional<AliasRecord> record = co_await lambda.functions().alias(name.place, name.name, input.name);
  if (!record) co_return fail(alias_not_found(name, input.name));
  co_return describe_alias<GetAliasOutput>(name, input.name, *record);
}

}  // namespace outcrop::lambda
