#include "gen/lambda/delete_alias.h"

#include "services/lambda/function/aliases.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Also an alias that is not there.
Task<Result<DeleteAliasOutput>> delete_alias(Lambda& lambda, Call& call, DeleteAliasInput input) {
  FunctionName name = co_await read_function_name(call, input.function_name);
  name.qualifier = std::move(input.name);
  co_await lambda.functions().erase_alias(name);
  co_await lambda.provisioned_concurrency().apply(name);
  co_return DeleteAliasOutput{};
}

}  // namespace outcrop::lambda
