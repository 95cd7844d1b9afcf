// What the tests of this folder share: a server on free ports of the loopback interface with a handler written
// in place, and a client on a raw socket that says exactly what a test wants said. Every wait has a bound.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/simple_executor.h"
#include "net/server.h"

namespace outcrop::net {

inline RealClock test_clock;
inline constexpr Milliseconds generous{60'000};  // a bound of what takes no time

class FunctionHandler final : public Handler {
 public:
  using Function = std::function<Task<void>(Exchange&)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}
  Task<void> serve(Exchange& exchange) override { return function_(exchange); }

 private:
  Function function_;  // outlives every exchange, so it may capture
};

// A handler that answers with the request's path.
inline Task<void> echo_path(Exchange& exchange) { (void)co_await exchange.respond({200}, exchange.head().path); }

class TestServer {
 public:
  struct Settings {
    ServerOptions options = {};
    size_t loops = 1;
    size_t budget_bytes = limits::body_budget_bytes;
    std::string address = "127.0.0.1:0";
  };

  explicit TestServer(FunctionHandler::Function function) : TestServer({}, std::move(function)) {}
  TestServer(Settings settings, FunctionHandler::Function function);
  ~TestServer();  // shuts down, if that was not done

  void shutdown(Milliseconds grace);

  SimpleExecutor waiting;  // outlives the loops, which post to it
  Loops loops;
  BodyBudget budget;
  FunctionHandler handler;
  Server server;
  Endpoint endpoint;

 private:
  bool shut_down_ = false;
};

class TestClient {
 public:
  explicit TestClient(const Endpoint& endpoint, int receive_buffer_bytes = 0);
  explicit TestClient(int connected_socket) : socket_(connected_socket) {}
  explicit TestClient(const TestServer& server) : TestClient(server.endpoint) {}
  TestClient(TestClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}
  ~TestClient();

  void send(std::string_view bytes);  // blocks while the server takes nothing; errors are ignored
  void shut_down_writing();
  void close();
  void reset();  // closes with a reset

  struct Response {
    int status = 0;  // 0: the connection ended instead
    std::string head;
    Headers headers;
    std::string body;
    Headers trailers;
  };
  // The next response, final or interim. `to_head`: the request was HEAD.
  Response receive(bool to_head = false);
  // Whether the server ends the connection now, with nothing before that; by an end or by a reset.
  bool is_closed_by_server();
  std::string receive_rest();  // up to the end of the connection
  std::string receive_bytes(size_t count) { return take(count); }
  // Sends whatever the other one receives, until that ends.
  void send_all_from(TestClient& other);

  static int connected_socket(const Endpoint& endpoint, int receive_buffer_bytes);  // or -1
  int socket() const { return socket_; }

  static bool can_connect(const Endpoint& endpoint) { return connected_socket(endpoint, 0) >= 0; }

  Response exchange(std::string_view request) {
    send(request);
    return receive();
  }

 private:
  bool receive_more();
  std::string take(size_t bytes);
  std::string take_line();

  int socket_;
  std::string received_;
};

// A gate between the test's thread and a handler: the handler awaits it, the test opens it.
class Gate {
 public:
  void open();
  // On an executor; goes on there once the gate is open, or `stop` is requested. Says whether it is open.
  Task<bool> pass(std::stop_token stop = {});
  // On the test's thread: until so many have come to the gate.
  void wait_for_arrivals(size_t count);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  size_t arrivals_ = 0;
  std::vector<Completion<bool>::Setter> waiting_;
};

inline std::string http1_get(std::string_view path, std::string_view fields = {}) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", path, fields);
}
inline std::string http1_post(std::string_view body, std::string_view fields = {}) {
  return fmt::format("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), fields, body);
}
inline constexpr std::string_view simple_get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace outcrop::net
