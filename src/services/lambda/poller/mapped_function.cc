#include "services/lambda/poller/mapped_function.h"

namespace outcrop::lambda {

Task<Result<EventFunction::Settings>> MappedFunction::settings() {
  const Runnable runnable = co_await functions_.runnable(name_);
  co_return Settings{runnable.version->role, runnable.reserved_concurrency};
}

Task<Result<EventFunction::Answer>> MappedFunction::invoke(std::string event) {
  InvokedWhole invoked = co_await invoker_.invoke_whole(name_, {.request_id = world_.random.uuid(), .payload = std::move(event)});
  co_return Answer{!invoked.outcome.function_error.empty(), std::move(invoked.payload)};
}

}  // namespace outcrop::lambda
