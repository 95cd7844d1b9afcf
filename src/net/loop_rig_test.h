// HTTP clients on a loop of their own, as a server has them, for tests of what asks others.
#pragma once
#include "net/client_harness_test.h"
#include "net/http_clients.h"

namespace outcrop::net {

class LoopRig {
 public:
  LoopRig() { loops_.start(); }
  ~LoopRig();  // closes the clients

  // Calls fn() on the loop, which gives a task, and gives a future of its value; it keeps fn until then.
  template <class F>
  auto begin(F fn) {
    using T = std::invoke_result_t<F>::value_type;
    std::promise<T> promise;
    std::future<T> future = promise.get_future();
    run_on(loops_.at(0), std::move(fn), std::move(promise));
    return future;
  }
  // To its end.
  template <class F>
  auto run(F fn) {
    return TestHttpClient::wait(begin(std::move(fn)));
  }

  ThreadPool pool{2};

 private:
  Loops loops_{test_clock, 1};
  Resolver resolver_{test_clock, pool};
  RealDialer dialer_{resolver_};

 public:
  HttpClients clients{loops_, dialer_};
};

inline LoopRig::~LoopRig() {
  run([this]() -> Task<bool> {
    co_await clients.close();
    co_return true;
  });
}

}  // namespace outcrop::net
