// The server: listens, accepts, and gives every request to one handler. Connections are spread over the loops
// and stay where they are. Which protocol a connection speaks is found out by its first bytes.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "net/body_budget.h"
#include "net/event_loop.h"
#include "net/http.h"
#include "net/limits.h"
#include "net/tls/context.h"

namespace outcrop::net {

struct ServerOptions {
  size_t request_line_bytes_max = limits::request_line_bytes_max;
  size_t head_bytes_max = limits::head_bytes_max;
  size_t fields_max = limits::fields_max;
  size_t connections_max = limits::connections_max;
  int backlog = limits::backlog;

  Milliseconds idle_timeout = limits::idle_timeout;
  Milliseconds head_timeout = limits::head_timeout;
  // A reader may wait so long for body bytes in all; every byte that arrives gives 1/rate of a second back, and at
  // rate 0 all of it.
  Milliseconds body_timeout = limits::body_timeout;
  size_t body_bytes_per_second_min = limits::body_bytes_per_second_min;
  Milliseconds write_timeout = limits::write_timeout;
  // While answers that wait to be taken exceed so many bytes on a loop, the time-out is the shorter one.
  size_t held_answer_bytes_max = limits::held_answer_bytes_max;
  Milliseconds pressed_write_timeout = limits::pressed_write_timeout;
  Milliseconds budget_timeout = limits::budget_timeout;
  Milliseconds linger_timeout = limits::linger_timeout;

  // On the same ports as plain HTTP, told apart by the first byte. Null: who speaks TLS is refused.
  std::shared_ptr<TlsAcceptor> tls = nullptr;

  // Asked of each connection, on the thread that accepts, before anything of it is read; who is not admitted sees it close. None: all are.
  std::function<bool(const Peer&)> admits = {};
};

// Where a server listens.
struct Endpoint {
  std::string address;  // "127.0.0.1", "::1"
  uint16_t port = 0;

  std::string text() const;  // "127.0.0.1:4566", "[::1]:4566"
};

struct ServerStats {
  uint64_t connections_open = 0;
  uint64_t connections_accepted = 0;  // since the start
  uint64_t requests = 0;              // since the start
};

class Server {
 public:
  // What is passed must outlive the server. The loops need not run yet.
  Server(Loops& loops, BodyBudget& budget, Handler& handler, ServerOptions options = {});
  // All on one loop, which must run until the server is gone.
  Server(EventLoop& loop, BodyBudget& budget, Handler& handler, ServerOptions options = {});
  ~Server();  // after shutdown() has ended, or when nothing was listened on

  // Binds and begins to accept. "127.0.0.1:4566", "[::1]:0", "0.0.0.0:80"; port 0 takes a free one. Any thread,
  // one at a time. Faults: InvalidAddress 400; AddressUnavailable 500 with the system's reason.
  Result<Endpoint> listen(std::string_view address);
  const std::vector<Endpoint>& endpoints() const { return endpoints_; }

  // Stops accepting, closes idle connections, lets running exchanges end within `grace`; then stops their tokens,
  // gives them half a second to say so to their clients, and closes. Returns when every handler has ended.
  Task<void> shutdown(Milliseconds grace);

  ServerStats stats() const;  // thread-safe

 private:
  struct State;
  Task<void> end_connections(Milliseconds grace);

  std::unique_ptr<State> state_;
  std::vector<Endpoint> endpoints_;
};

}  // namespace outcrop::net
