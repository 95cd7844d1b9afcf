#include "gen/lambda/get_function.h"

#include "services/lambda/function/description.h"
#include "services/lambda/function/wording.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// A version with where its package can be had, and what is the function's own: its tags and its reserved concurrency.
Task<Result<GetFunctionOutput>> get_function(Lambda& lambda, Call& call, GetFunctionInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  const StoredVersion stored = co_await lambda.functions().stored(name);
  const std::optional<FunctionRecord> function = co_await lambda.functions().function(name.place, name.name);
  if (!function) co_return fail(function_not_found(name));
  GetFunctionOutput output;
  output.configuration = describe<FunctionConfiguration>(name, name.qualified_arn(), stored);
  output.code = FunctionCodeLocation{.repository_type = "S3", .location = lambda.code_front().location(call, stored.record.code)};
  if (!function->tags.empty()) output.tags = function->tags;
  if (function->reserved_concurrency) output.concurrency = Concurrency{.reserved_concurrent_executions = function->reserved_concurrency};
  co_return output;
}

}  // namespace outcrop::lambda
