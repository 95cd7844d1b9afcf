// A server of src/net alone, for the tests and figures of what stands between our sockets and the world: browsers, HTTP and
// WebSocket clients, hostile peers. Prints "ready http://ADDRESS" and ends at SIGTERM. With --tls-authority FILE it speaks
// TLS too, by an authority of its own, whose certificate it leaves in the file.
//
//   GET  /                      a page that can fetch and open WebSockets
//   GET  /hello                 a short text
//   POST /echo                  the body, streamed back as it arrives
//   POST /sink                  reads the whole body, answers its size
//   GET  /connections           how many are open
//   GET  /body-bytes            of bodies in memory
//   GET  /stream?n=N&ms=MS      N server-sent events, MS apart
//   GET  /stream?n=N&gate=NAME  N server-sent events; each but the first waits for one POST /open?gate=NAME
//   /ws                         echo
//   /ws/push?n=N&bytes=B        N messages of B bytes, then the close
//   /ws/close?code=C            closes with that code and the reason "as asked"
//   /ws/room                    every message goes to everyone in the room, over all loops
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "base/simple_executor.h"
#include "base/task_group.h"
#include "net/server.h"
#include "net/tls/certificate_authority.h"
#include "net/websocket.h"

namespace {

using namespace outcrop;

constexpr Milliseconds gate_patience{60'000};

constexpr std::string_view page = "<!doctype html><meta charset=utf-8><title>edge</title><p>A page that can fetch and open WebSockets.\n";

std::string parameter(std::string_view query, std::string_view name, std::string_view otherwise) {
  while (!query.empty()) {
    std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) return std::string(pair.substr(name.size() + 1));
  }
  return std::string(otherwise);
}

size_t number(std::string_view query, std::string_view name) { return std::strtoull(parameter(query, name, "0").c_str(), nullptr, 10); }

RealClock real_clock;

// Whether `done` is set within `patience`, and before `stop`. It is set to false otherwise.
Task<bool> wait_for(Completion<bool>& done, Milliseconds patience, std::stop_token stop) {
  auto setter = done.setter();
  Timer late = Executor::current()->start_timer(real_clock.steady() + patience, [setter] { setter.set(false); });
  std::stop_callback on_stop(stop, [setter] { setter.set(false); });
  co_return co_await done;
}

// Counts permissions that were given and not used, by name; a wait has a bound and ends when stopped.
class Gates {
 public:
  void open(const std::string& name) {
    std::lock_guard lock(mutex_);
    std::deque<Completion<bool>::Setter>& waiting = gates_[name].waiting;
    while (!waiting.empty()) {
      bool passed = waiting.front().set(true);
      waiting.pop_front();
      if (passed) return;
    }
    ++gates_[name].permissions;
  }

  Task<bool> pass(std::string name, std::stop_token stop) {
    Completion<bool> opened(*Executor::current());
    wait(name, opened.setter());
    co_return co_await wait_for(opened, gate_patience, stop);
  }

 private:
  struct Gate {
    size_t permissions = 0;
    std::deque<Completion<bool>::Setter> waiting;
  };

  void wait(const std::string& name, Completion<bool>::Setter setter) {
    std::lock_guard lock(mutex_);
    Gate& gate = gates_[name];
    if (gate.permissions == 0) return gate.waiting.push_back(setter);
    --gate.permissions;
    setter.set(true);
  }

  std::mutex mutex_;
  std::map<std::string, Gate> gates_;
};

// The connections of a chat room, by the loop each of them lives on.
class Room {
 public:
  void enter(net::WebSocket& socket) {
    std::lock_guard lock(mutex_);
    members_[&socket.loop()].insert(&socket);
  }
  void leave(net::WebSocket& socket) {
    std::lock_guard lock(mutex_);
    members_[&socket.loop()].erase(&socket);
  }

  void say(std::string text) {
    auto shared = std::make_shared<const std::string>(std::move(text));
    std::lock_guard lock(mutex_);
    for (auto& [loop, members] : members_) sending_.spawn_on(*loop, say_on(*loop, shared));
  }

  Task<void> empty() { return sending_.join(); }

 private:
  using Text = std::shared_ptr<const std::string>;

  // A member leaves on this thread too, and only when nothing is being sent to it.
  Task<void> say_on(net::EventLoop& loop, Text text) {
    std::vector<net::WebSocket*> members;
    {
      std::lock_guard lock(mutex_);
      members.assign(members_[&loop].begin(), members_[&loop].end());
    }
    for (net::WebSocket* member : members) sending_.spawn(say_to(*member, text));
    co_return;
  }

  // Who does not take it in time misses it.
  static Task<void> say_to(net::WebSocket& member, Text text) { (void)co_await member.send(*text); }

  std::mutex mutex_;
  std::map<net::EventLoop*, std::set<net::WebSocket*>> members_;
  TaskGroup sending_;
};

struct Options {
  std::string listen = "127.0.0.1:0";
  std::string tls_authority;  // where its certificate is left; empty: no TLS
  size_t loops = 1;
  size_t body_bytes_max = size_t{64} << 20;
  net::ServerOptions server;
  net::WebSocketOptions websocket;
};

class Routes final : public net::Handler {
 public:
  explicit Routes(const Options& options) : options_(options) {}
  void serves(const net::Server& server) { server_ = &server; }  // before the first request

  Task<void> serve(net::Exchange& exchange) override {
    const net::RequestHead& head = exchange.head();
    if (net::WebSocket::is_requested(head)) return open_websocket(exchange);
    if (head.path == "/") return answer(exchange, 200, "text/html", page);
    if (head.path == "/hello") return answer(exchange, 200, "text/plain", "hello\n");
    if (head.path == "/echo") return echo(exchange);
    if (head.path == "/sink") return sink(exchange);
    if (head.path == "/stream") return stream(exchange);
    if (head.path == "/open") return open_gate(exchange);
    if (head.path == "/connections") return number_of(exchange, server_->stats().connections_open);
    if (head.path == "/body-bytes") return number_of(exchange, options_.websocket.budget->bytes_held());
    return answer(exchange, 404, "text/plain", "There is nothing here.\n");
  }

  Task<void> ended() { return room_.empty(); }

 private:
  static Task<void> answer(net::Exchange& exchange, int status, std::string type, std::string_view body) {
    (void)co_await exchange.respond({status, {{"content-type", std::move(type)}}}, std::string(body));
  }

  static Task<void> echo(net::Exchange& exchange) {
    if (!co_await exchange.start({200}, exchange.content_length())) co_return;
    for (;;) {
      auto part = co_await exchange.read_some();
      if (!part) co_return exchange.abort();
      if (!*part) break;
      if (!co_await exchange.write(**part)) co_return;
    }
    (void)co_await exchange.finish();
  }

  Task<void> sink(net::Exchange& exchange) {
    auto body = co_await exchange.read_body(options_.body_bytes_max);
    if (body) co_return co_await answer(exchange, 200, "text/plain", fmt::format("{}\n", body->size()));
    co_await answer(exchange, body.error().status, "text/plain", body.error().message);
  }

  Task<void> stream(net::Exchange& exchange) {
    const std::string& query = exchange.head().query;
    std::string gate = parameter(query, "gate", "");
    size_t events = number(query, "n");
    if (!co_await exchange.start({200, {{"content-type", "text/event-stream"}, {"cache-control", "no-cache"}}})) co_return;
    for (size_t i = 0; i < events; ++i) {
      if (i > 0 && !gate.empty() && !co_await gates_.pass(gate, exchange.stop_token())) co_return exchange.abort();
      if (i > 0 && gate.empty()) co_await pause(Milliseconds(number(query, "ms")), exchange.stop_token());
      if (!co_await exchange.write(fmt::format("data: {}\n\n", i))) co_return;
    }
    (void)co_await exchange.finish();
  }

  static Task<void> pause(Milliseconds time, std::stop_token stop) {
    Completion<bool> never(*Executor::current());
    (void)co_await wait_for(never, time, stop);
  }

  Task<void> open_gate(net::Exchange& exchange) {
    gates_.open(parameter(exchange.head().query, "gate", ""));
    return answer(exchange, 204, "text/plain", "");
  }

  static Task<void> number_of(net::Exchange& exchange, size_t number) {
    co_await answer(exchange, 200, "text/plain", fmt::format("{}\n", number));
  }

  Task<void> open_websocket(net::Exchange& exchange) {
    auto socket = co_await net::WebSocket::accept(exchange, options_.websocket);
    if (!socket) {
      (void)co_await net::WebSocket::refuse(exchange, socket.error());
      co_return;
    }
    const net::RequestHead& head = exchange.head();
    if (head.path == "/ws/push") co_return co_await push(**socket, number(head.query, "n"), number(head.query, "bytes"));
    if (head.path == "/ws/room") co_return co_await talk(**socket);
    if (head.path == "/ws/close") {
      uint16_t code = uint16_t(number(head.query, "code"));
      (void)co_await (*socket)->close(net::close_code::is_sendable(code) ? code : net::close_code::normal, "as asked");
      co_return;
    }
    while (auto message = co_await (*socket)->receive()) (void)co_await (*socket)->send(message->data, message->kind);
  }

  static Task<void> push(net::WebSocket& socket, size_t messages, size_t bytes) {
    for (size_t i = 0; i < messages; ++i) {
      std::string text = fmt::format("{:>{}}", i, std::max<size_t>(bytes, 1));
      if (!co_await socket.send(text)) break;
    }
    (void)co_await socket.close();
  }

  Task<void> talk(net::WebSocket& socket) {
    room_.enter(socket);
    while (auto message = co_await socket.receive()) room_.say(std::move(message->data));
    room_.leave(socket);
  }

  const Options& options_;
  const net::Server* server_ = nullptr;
  Gates gates_;
  Room room_;
};

// With a certificate for this machine, for a day.
Result<std::shared_ptr<net::TlsAcceptor>> make_tls(const std::string& authority_file) {
  Instant now = real_clock.real_wall();
  net::Validity day{now - std::chrono::hours(1), now + std::chrono::hours(23)};
  net::CertificateAuthority authority = net::CertificateAuthority::make("edge server", day);
  std::ofstream(authority_file) << authority.pem().certificate;
  net::CertifiedKey own = authority.issue({"localhost", "127.0.0.1"}, day);
  return net::TlsServerContext::from_pem(own.certificate, own.key);
}

int failed(const Fault& fault) {
  fmt::print(stderr, "{}\n", fault.message);
  return 1;
}

int run(Options options) {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);

  SimpleExecutor waiting(real_clock);
  net::Loops loops(real_clock, options.loops);
  net::BodyBudget budget(real_clock, net::limits::body_budget_bytes);
  options.websocket.budget = &budget;
  if (!options.tls_authority.empty()) {
    auto tls = make_tls(options.tls_authority);
    if (!tls) return failed(tls.error());
    options.server.tls = *tls;
  }
  Routes routes(options);
  net::Server server(loops, budget, routes, options.server);
  routes.serves(server);
  auto endpoint = server.listen(options.listen);
  if (!endpoint) return failed(endpoint.error());
  loops.start();
  fmt::print("ready http://{}\n", endpoint->text());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ending, &signal);
  waiting.run(server.shutdown(Milliseconds(5'000)));
  waiting.run(routes.ended());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("A server of src/net alone, for tests");
  app.add_option("--listen", options.listen);
  app.add_option("--tls-authority", options.tls_authority);
  app.add_option("--loops", options.loops);
  app.add_option("--connections-max", options.server.connections_max);
  app.add_option("--body-bytes-max", options.body_bytes_max);
  app.add_option("--message-bytes-max", options.websocket.limits.message_bytes_max);
  app.add_option("--frame-bytes-max", options.websocket.limits.frame_bytes_max);
  app.add_option_function<int>("--ping-interval-ms", [&](int ms) { options.websocket.ping_interval = Milliseconds(ms); });
  app.add_option_function<int>("--idle-timeout-ms", [&](int ms) { options.websocket.idle_timeout = Milliseconds(ms); });
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
