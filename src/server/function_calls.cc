#include "server/function_calls.h"

#include <fmt/format.h>

#include "base/arn.h"
#include "gateway/event/service_identity.h"
#include "wire/validate.h"

namespace outcrop::server {

// A call of its own and no other's child: its id is the invocation's, by which logs of the API and of the function find each other.
Task<Result<gateway::FunctionAnswer>> LambdaFunctionCalls::invoke(gateway::FunctionCall asked) {
  const std::optional<Arn> function = parse_arn(asked.function);
  if (!function) co_return fail("InvalidParameterValueException", 400, fmt::format("{} is no ARN of a function.", asked.function));
  Call call = {.world = world_,
               .identity = gateway::acting_identity(asked.account, asked.credentials),
               .region = std::string(function->region),
               .service = "lambda",
               .operation = "Invoke",
               .request_id = world_.random.uuid(),
               .source_arn = std::move(asked.source_arn),
               .trace_header = std::move(asked.trace_header),
               .enforced = enforced_,
               .stop = std::move(asked.stop)};
  lambda::InvokeInput input{.function_name = std::move(asked.function)};
  input.payload = std::move(asked.payload);
  lambda::InvokeOutput output = co_await carry_out(call, std::move(input));
  co_return gateway::FunctionAnswer{.payload = std::move(output.payload).value_or("null"),
                                    .error = std::move(output.function_error).value_or(""),
                                    .request_id = std::move(call.request_id)};
}

Task<Result<lambda::InvokeOutput>> LambdaFunctionCalls::carry_out(Call& call, lambda::InvokeInput input) {
  const Directory::Service* service = directory_.find(call.service);
  const Directory::Operation* operation = service ? Directory::find(*service, call.operation) : nullptr;
  check(operation != nullptr, "functions can be invoked");
  auto decode = [&]() -> Result<wire::Erased> {
    wire::Erased given = wire::erase(std::move(input));
    if (Result<void> valid = wire::validate(service->model, operation->model, given.get(), {}); !valid)
      return fail(std::move(valid.error()));
    return given;
  };
  wire::Erased output = co_await directory_.carry_out(*service, *operation, call, decode);
  co_return std::move(*static_cast<lambda::InvokeOutput*>(output.get()));
}

}  // namespace outcrop::server
