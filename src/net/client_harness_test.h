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

class TestHttpClient {
 public:
  explicit TestHttpClient(ClientOptions options = {}, Dialer* dialer = nullptr);
  ~TestHttpClient();  // closes

  // Runs on the client's loop, from now on.
  template <class T>
  std::future<T> begin(Task<T> task);
  // Runs on the client's loop, to its end.
  template <class T>
  T run(Task<T> task) {
    return wait(begin(std::move(task)));
  }
  template <class T>
  static T wait(std::future<T> future);

  // Sends and reads the whole response.
  Task<Outcome> fetch(ClientRequest request, size_t limit = 10'000'000);
  std::future<Outcome> begin_fetch(ClientRequest request) { return begin(fetch(std::move(request))); }
  Outcome fetch_now(ClientRequest request) { return run(fetch(std::move(request))); }
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

template <class T>
detail::Detached run_on(EventLoop& loop, Task<T> task, std::promise<T> promise) {
  co_await loop.enter();
  if constexpr (std::is_void_v<T>) {
    co_await task;
    promise.set_value();
  } else {
    promise.set_value(co_await task);
  }
}

template <class T>
std::future<T> TestHttpClient::begin(Task<T> task) {
  std::promise<T> promise;
  std::future<T> future = promise.get_future();
  run_on(loop(), std::move(task), std::move(promise));
  return future;
}

template <class T>
T TestHttpClient::wait(std::future<T> future) {
  check(future.wait_for(std::chrono::seconds(20)) == std::future_status::ready, "a task of the client's does not end");
  return future.get();
}

// A request for what a server has there.
ClientRequest get(const Url& url);
ClientRequest post(const Url& url, std::string body);
Url url_of(const Endpoint& endpoint, std::string_view target = "/");

}  // namespace outcrop::net
