#include "server/function_calls.h"

#include "base/arn.h"
#include "gateway/event/service_identity.h"
#include "gen/lambda/invoke.h"

namespace outcrop::server {

Task<Result<gateway::FunctionAnswer>> LambdaFunctionCalls::invoke(gateway::FunctionCall call) {
  const std::optional<Arn> function = parse_arn(call.function);
  if (!function) co_return fail("InvalidParameterValueException", 400, fmt::format("{} is no ARN of a function.", call.function));
  const Call parent = {.world = world_,
                       .identity = gateway::acting_identity(call.account, call.credentials),
                       .region = std::string(function->region),
                       .service = "apigatewayv2",
                       .operation = "Invoke",
                       .request_id = world_.random.uuid(),
                       .source_arn = std::move(call.source_arn),
                       .trace_header = std::move(call.trace_header),
                       .enforced = enforced_,
                       .stop = std::move(call.stop)};
  lambda::InvokeInput input{.function_name = std::move(call.function)};
  input.payload = std::move(call.payload);
  auto output = co_await directory_.invoke<lambda::InvokeOutput>(parent, "lambda", "Invoke", std::move(input));
  co_return gateway::FunctionAnswer{std::move(output.payload).value_or("null"), std::move(output.function_error).value_or("")};
}

}  // namespace outcrop::server
