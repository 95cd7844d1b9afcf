// InvokeAsync: what Invoke does with the type Event, of the time before that type. Deprecated.
#include "gen/lambda/invoke_async.h"

#include "services/lambda/invoke/request.h"
#include "services/lambda/invoke/wording.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

Task<Result<InvokeAsyncOutput>> invoke_async(Lambda& lambda, Call& call, InvokeAsyncInput input) {
  FunctionName name = co_await read_function_name(call, input.function_name);
  std::string arguments = co_await input.invoke_args.read_all(limits::request_bytes_max);
  runner::Invocation invocation = co_await read_invocation(call, std::move(arguments), {}, {});
  invocation.trace_header.clear();  // it does not trace
  co_await lambda.async_events().add(name, std::move(invocation), limits::invoke_async_bytes_max);
  co_return InvokeAsyncOutput{.status = 202};
}

}  // namespace outcrop::lambda
