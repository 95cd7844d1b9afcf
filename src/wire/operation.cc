// Look-ups in a model, and the one coroutine that awaits any operation.
#include "wire/operation.h"

#include <algorithm>

namespace outcrop::wire {
namespace {

template <class Row>
const Row* find_row(std::span<const Row> rows, std::string_view name) {
  auto at = std::ranges::lower_bound(rows, name, {}, &Row::name);
  return at != rows.end() && at->name == name ? &*at : nullptr;
}

struct StartedAwaiter {
  const Started& started;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> parent) noexcept {
    started.promise->continuation = parent;
    return started.body;
  }
  void await_resume() const noexcept {}
};

}  // namespace

const Operation* ServiceModel::find_operation(std::string_view name) const { return find_row(operations, name); }
const ErrorShape* ServiceModel::find_error(std::string_view name) const { return find_row(errors, name); }

Task<Result<Erased>> carry_out(const Operation& operation, void* service, Call& call, Erased input) {
  check(operation.is_implemented(), "an operation without a handler was carried out");
  Started started = operation.handler(service, call, input.get());
  co_await StartedAwaiter{started};
  if (started.promise->exception) std::rethrow_exception(started.promise->exception);
  Fault fault;
  void* output = started.output(started.task.get(), fault);
  if (!output) co_return fail(std::move(fault));
  co_return Erased(output, std::move(started.task));
}

}  // namespace outcrop::wire
