// Task<T>: a lazy coroutine with one owner and symmetric transfer. It starts when it is awaited; the
// awaiting coroutine resumes on whatever thread finished it, with no stack growth.
//
// Inside a Task<Result<T>>, `co_await` on a Result<U> or a Task<Result<U>> gives the U or ends the task
// with the fault; `co_await keep(task)` gives the Result itself. Inside any other Task, awaiting a
// Task<Result<U>> gives the Result.
//
// A suspended task is never destroyed: stop it and await it. A TaskGroup is the only way to detach one.
#pragma once
#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "base/result.h"

namespace outcrop {

template <class T>
class [[nodiscard]] Task;

namespace detail {

struct PromiseBase {
  std::coroutine_handle<> continuation = std::noop_coroutine();
  std::exception_ptr exception;

  std::suspend_always initial_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { exception = std::current_exception(); }

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept {
      return self.promise().finish();
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }
};

template <class T>
struct ValuePromise : PromiseBase {
  std::optional<T> value;

  template <class U = T>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() {
    if (exception) std::rethrow_exception(exception);
    check(value.has_value(), "a task was awaited twice or has not finished");
    return std::move(*value);
  }
  std::coroutine_handle<> finish() noexcept { return continuation; }
};

template <>
struct ValuePromise<void> : PromiseBase {
  void return_void() noexcept {}
  void take() {
    if (exception) std::rethrow_exception(exception);
  }
  std::coroutine_handle<> finish() noexcept { return continuation; }
};

// Ends the coroutine of `promise` with a fault, from outside its body; gives what to resume next.
template <class Promise>
std::coroutine_handle<> end_with_fault(Promise& promise, Fault&& fault) noexcept {
  promise.value.emplace(std::unexpect, std::move(fault));
  return promise.finish();
}

template <class U>
struct ResultAwaiter {
  Result<U> result;
  bool await_ready() const noexcept { return result.has_value(); }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept {
    return end_with_fault(self.promise(), std::move(result.error()));
  }
  U await_resume() {
    if constexpr (!std::is_void_v<U>) return std::move(*result);
  }
};

template <class U>
struct UnwrapAwaiter;

template <class U>
struct ValuePromise<Result<U>> : PromiseBase {
  std::optional<Result<U>> value;
  // Set by a parent that wants the value only: ends that parent with our fault.
  std::coroutine_handle<> (*end_parent)(void* parent, Fault&& fault) noexcept = nullptr;

  template <class V = Result<U>>
  void return_value(V&& result) {
    value.emplace(std::forward<V>(result));
  }
  Result<U> take() {
    if (exception) std::rethrow_exception(exception);
    check(value.has_value(), "a task was awaited twice or has not finished");
    return std::move(*value);
  }
  std::coroutine_handle<> finish() noexcept {
    if (end_parent && !exception && !value->has_value()) return end_parent(continuation.address(), std::move(value->error()));
    return continuation;
  }

  template <class V>
  ResultAwaiter<V> await_transform(Result<V> result) {
    return {std::move(result)};
  }
  template <class V>
  UnwrapAwaiter<V> await_transform(Task<Result<V>> task) {
    return {std::move(task)};
  }
  template <class Awaitable>
  Awaitable&& await_transform(Awaitable&& awaitable) noexcept {
    return std::forward<Awaitable>(awaitable);
  }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type : detail::ValuePromise<T> {
    Task get_return_object() noexcept { return Task(Handle::from_promise(*this)); }
  };
  using value_type = T;
  using Handle = std::coroutine_handle<promise_type>;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  struct Awaiter {
    Handle handle;
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> parent) noexcept {
      handle.promise().continuation = parent;
      return handle;
    }
    T await_resume() { return handle.promise().take(); }
  };
  // The task must outlive the awaiting expression.
  Awaiter operator co_await() const noexcept { return Awaiter{handle_}; }

  Handle handle() const noexcept { return handle_; }

 private:
  explicit Task(Handle handle) noexcept : handle_(handle) {}
  Handle handle_;
};

namespace detail {

template <class U>
struct UnwrapAwaiter {
  Task<Result<U>> task;

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> parent) noexcept {
    auto& child = task.handle().promise();
    child.continuation = parent;
    child.end_parent = [](void* address, Fault&& fault) noexcept {
      return end_with_fault(std::coroutine_handle<Promise>::from_address(address).promise(), std::move(fault));
    };
    return task.handle();
  }
  U await_resume() {
    Result<U> result = task.handle().promise().take();
    if constexpr (!std::is_void_v<U>) return std::move(*result);
  }
};

template <class T>
struct KeepAwaiter {
  Task<T> task;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> parent) noexcept {
    task.handle().promise().continuation = parent;
    return task.handle();
  }
  T await_resume() { return task.handle().promise().take(); }
};

}  // namespace detail

// The Result of a task as it is, also inside a Task<Result<…>>.
template <class T>
detail::KeepAwaiter<T> keep(Task<T> task) {
  return {std::move(task)};
}

}  // namespace outcrop
