// Invoke: runs a function and gives its answer, keeps an event for it, or says whether it could be run.
#include "gen/lambda/invoke.h"

#include "base/encoding.h"
#include "services/lambda/invoke/request.h"
#include "services/lambda/invoke/wording.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

namespace {

Result<void> check_is_built(const InvokeInput& input) {
  if (input.tenant_id) return fail(invocation_parameter_not_built("TenantId", "functions have no tenants here"));
  if (input.durable_execution_name) return fail(invocation_parameter_not_built("DurableExecutionName", "durable functions are not built"));
  return {};
}

Task<Result<InvokeOutput>> run_function(Lambda& lambda, const FunctionName& name, runner::Invocation invocation) {
  const bool wants_log = invocation.wants_log_tail;
  InvokedWhole answer = co_await lambda.invoker().invoke_whole(name, std::move(invocation));
  InvokeOutput output;
  output.status_code = 200;
  output.executed_version = std::move(answer.executed_version);
  output.payload = std::move(answer.payload);
  if (!answer.outcome.function_error.empty()) output.function_error = std::move(answer.outcome.function_error);
  if (wants_log) output.log_result = base64(answer.outcome.log_tail);
  co_return output;
}

}  // namespace

Task<Result<InvokeOutput>> invoke(Lambda& lambda, Call& call, InvokeInput input) {
  FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  co_await check_is_built(input);
  runner::Invocation invocation = co_await read_invocation(call, std::move(input.payload), input.client_context, input.log_type);
  if (input.invocation_type == "DryRun") {
    co_await lambda.functions().check_exists(name);
    co_return InvokeOutput{.status_code = 204};
  }
  if (input.invocation_type == "Event") {
    co_await lambda.async_events().add(name, std::move(invocation), limits::event_bytes_max);
    co_return InvokeOutput{.status_code = 202};
  }
  co_return co_await keep(run_function(lambda, name, std::move(invocation)));
}

}  // namespace outcrop::lambda
