// What the client's tests share: a client on a loop of its own, a dialer that tests can steer, and a server that says
// exactly the bytes a test wants said, when it wants. Every wait has a bound.
#pragma once
#include <future>

#include "net/event_loop.h"
#include "net/harness_test.h"
#include "net/http_client.h"
#include "net/real_dialer.h"

namespace outcrop::net {

// The server's side of one connection.
class ScriptedPeer : public TestClient {
 public:
  explicit ScriptedPeer(int socket) : TestClient(socket) {}

  // The bytes of the next request's head, its empty line among them.
  std::string receive_head() { return receive_through("\r\n\r\n"); }
  std::string receive_through(std::string_view end);
  // Until nothing more is taken at once; the number of bytes.
  size_t send_what_fits(std::string_view bytes);
  // Receives a head without a body, and sends.
  void answer(std::string_view response) {
    receive_head();
    send(response);
  }
  bool is_closed_by_client() { return is_closed_by_server(); }
};

class ScriptedServer {
 public:
  ScriptedServer();
  ~ScriptedServer();
  ScriptedPeer accept();
  // Whether a connection waits to be accepted now.
  bool has_waiting() const;

  Endpoint endpoint;
  Url url(std::string_view target = "/") const;

 private:
  int socket_;
};

// Everything a test did, as plain data.
struct Outcome {
  int status = 0;  // 0: the fault says why
  Headers headers;
  std::string body;
  Headers trailers;
  Fault fault;
};

template <class F, class T>
detail::Detached run_on(EventLoop& loop, F fn, std::promise<T> promise) {
  co_await loop.enter();
  if constexpr (std::is_void_v<T>) {
    co_await fn();
    promise.set_value();
  } else {
    promise.set_value(co_await fn());
  }
}

class TestHttpClient {
 public:
  explicit TestHttpClient(ClientOptions options = {}, Dialer* dialer = nullptr);
  ~TestHttpClient();  // closes

  // Runs fn() on the client's loop, from now on; keeps it until its task has ended.
  template <class F>
  auto begin(F fn) {
    using T = std::invoke_result_t<F>::value_type;
    std::promise<T> promise;
    std::future<T> future = promise.get_future();
    run_on(loop(), std::move(fn), std::move(promise));
    return future;
  }
  // To its end.
  template <class F>
  auto run(F fn) {
    return wait(begin(std::move(fn)));
  }
  template <class T>
  static T wait(std::future<T> future) {
    check(future.wait_for(std::chrono::seconds(20)) == std::future_status::ready, "a task of the client's does not end");
    return future.get();
  }

  // Sends and reads the whole response.
  Task<Outcome> fetch(ClientRequest request, size_t limit = 10'000'000);
  std::future<Outcome> begin_fetch(ClientRequest request);
  Outcome fetch_now(ClientRequest request) { return wait(begin_fetch(std::move(request))); }
  ClientStats stats();
  void close();

  ThreadPool pool{2};
  Loops loops{test_clock, 1};
  Resolver resolver{test_clock, pool};
  RealDialer dialer{resolver};
  HttpClient client;
  EventLoop& loop() { return loops.at(0); }

 private:
  bool closed_ = false;
};

// A request for what a server has there.
ClientRequest get_request(const Url& url);
ClientRequest post_request(const Url& url, std::string body);
Url url_of(const Endpoint& endpoint, std::string_view target = "/");

}  // namespace outcrop::net
