#include "net/server.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/log.h"
#include "base/task_group.h"
#include "net/greeting.h"
#include "net/http1/connection.h"
#include "net/http2/connection.h"
#include "net/listener.h"
#include "net/tcp_stream.h"
#include "net/tls/stream.h"

namespace outcrop::net {

namespace {

// After the grace of a shutdown: the time in which stopped exchanges may still answer.
constexpr Milliseconds stopped_grace{500};
// A handler that has not ended so long after its connection was closed ignores its stop token.
constexpr Milliseconds patience_with_handlers{5'000};
// So many idle connections of each loop make room for newcomers at the limit.
constexpr size_t kept_closed_when_crowded = 32;
// A record with the fatal alert handshake_failure (RFC 8446 sections 5.1 and 6).
constexpr std::string_view tls_refusal{"\x15\x03\x01\x00\x02\x02\x28", 7};

std::vector<EventLoop*> all_of(Loops& loops) {
  std::vector<EventLoop*> all;
  for (size_t i = 0; i < loops.size(); ++i) all.push_back(&loops.at(i));
  return all;
}

}  // namespace

std::string Endpoint::text() const {
  return address.contains(':') ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

struct Server::State final : Listener::Taker {
  State(const std::vector<EventLoop*>& loops, BodyBudget& budget, Handler& handler, ServerOptions options);

  bool has_room() override { return connections_open() < options.connections_max; }
  void take(AcceptedSocket socket) override;
  void somebody_waits() override;
  Task<void> serve(ServerLoop& home, AcceptedSocket socket);
  Task<void> converse(ServerLoop& home, Channel& channel, Peer peer);
  Task<Greeting::Protocol> greet_in_tls(ServerLoop& home, Channel& channel, const Peer& peer, Ssl ssl, SteadyTime due);
  void connection_ended(ServerLoop& home);
  void resume_listeners();
  void on_each_loop(std::function<void(ServerLoop&)> act);
  uint64_t connections_open() const;
  EventLoop& accept_loop() { return loops.front()->loop(); }

  const ServerOptions options;
  std::vector<std::unique_ptr<ServerLoop>> loops;
  std::vector<std::unique_ptr<Listener>> listeners;
  TaskGroup connections;
  std::atomic<uint64_t> accepted = 0;
  std::atomic<bool> crowded = false;  // somebody waits for a connection to end
  bool shut_down = false;
};

Server::State::State(const std::vector<EventLoop*>& all, BodyBudget& budget, Handler& handler, ServerOptions wanted)
    : options(std::move(wanted)) {
  for (EventLoop* loop : all) loops.push_back(std::make_unique<ServerLoop>(*loop, budget, handler, options, crowded));
}

uint64_t Server::State::connections_open() const {
  uint64_t open = 0;
  for (auto& loop : loops) open += loop->connections_open.load();
  return open;
}

void Server::State::on_each_loop(std::function<void(ServerLoop&)> act) {
  for (auto& loop : loops) {
    loop->loop().post([&loop = *loop, act] { act(loop); });
  }
}

// Gives a new connection to the loop with the fewest.
void Server::State::take(AcceptedSocket socket) {
  if (options.admits && !options.admits(socket.peer)) return;
  auto open = [](auto& loop) { return loop->connections_open.load(std::memory_order_relaxed); };
  ServerLoop& home = **std::ranges::min_element(loops, {}, open);
  home.connections_open.fetch_add(1, std::memory_order_relaxed);
  accepted.fetch_add(1, std::memory_order_relaxed);
  connections.spawn_on(home.loop(), serve(home, std::move(socket)));
}

// Idle connections make room, and answers ask their clients to connect anew, until one has ended.
void Server::State::somebody_waits() {
  crowded.store(true);
  if (has_room() && crowded.exchange(false)) return resume_listeners();  // one ended meanwhile
  on_each_loop([](ServerLoop& loop) { loop.close_kept(kept_closed_when_crowded); });
}

void Server::State::resume_listeners() {
  accept_loop().post([this] {
    for (auto& listener : listeners) listener->resume();
  });
}

// A connection's whole life.
Task<void> Server::State::serve(ServerLoop& home, AcceptedSocket socket) {
  if (!home.draining()) {
    Channel channel(home.loop(), std::make_unique<TcpStream>(home.loop(), socket.take()));
    co_await converse(home, channel, std::move(socket.peer));
    channel.close();
    co_await channel.closed();
  }
  connection_ended(home);
}

// Every protocol begins here; TLS begins it once more on what it decrypts.
Task<void> Server::State::converse(ServerLoop& home, Channel& channel, Peer peer) {
  SteadyTime due = channel.now() + options.head_timeout;
  Greeting::Protocol protocol = co_await Greeting(home, channel).protocol(due);
  Ssl ssl = protocol == Greeting::Protocol::tls && options.tls ? options.tls->accept() : nullptr;
  bool tls = ssl != nullptr;
  if (tls) protocol = co_await greet_in_tls(home, channel, peer, std::move(ssl), due);
  switch (protocol) {
    case Greeting::Protocol::none:
      co_return;
    case Greeting::Protocol::tls:  // without a certificate, or within TLS
      co_await channel.write({tls_refusal}, options.write_timeout);
      co_return;
    case Greeting::Protocol::http1: {
      Http1Connection connection(home, channel, std::move(peer), tls);
      co_await connection.run();
      co_return;
    }
    case Greeting::Protocol::http2: {
      Http2Connection connection(home, channel, std::move(peer), tls);
      co_await connection.run();
      co_return;
    }
  }
}

// The time for a greeting bounds the handshake too.
Task<Greeting::Protocol> Server::State::greet_in_tls(ServerLoop& home, Channel& channel, const Peer& peer, Ssl ssl, SteadyTime due) {
  const TlsStream& stream = TlsStream::wrap(channel, std::move(ssl));
  Greeting::Protocol protocol = co_await Greeting(home, channel).protocol(due);
  if (!stream.is_established()) {
    std::string_view problem = stream.problem().empty() ? "it took too long" : std::string_view(stream.problem());
    log::debug("a TLS handshake failed", {{"peer", peer.address}, {"problem", problem}});
  }
  co_return protocol;
}

void Server::State::connection_ended(ServerLoop& home) {
  home.connections_open.fetch_sub(1);
  if (crowded.exchange(false)) resume_listeners();
}

Server::Server(Loops& loops, BodyBudget& budget, Handler& handler, ServerOptions options)
    : state_(std::make_unique<State>(all_of(loops), budget, handler, std::move(options))) {}

Server::Server(EventLoop& loop, BodyBudget& budget, Handler& handler, ServerOptions options)
    : state_(std::make_unique<State>(std::vector<EventLoop*>{&loop}, budget, handler, std::move(options))) {}

Server::~Server() { check(endpoints_.empty() || state_->shut_down, "a server is destroyed before it was shut down"); }

Result<Endpoint> Server::listen(std::string_view address) {
  Result<std::unique_ptr<Listener>> listener = Listener::open(state_->accept_loop(), address, state_->options.backlog);
  if (!listener) return std::unexpected(listener.error());
  Endpoint endpoint = (*listener)->endpoint();
  endpoints_.push_back(endpoint);
  state_->accept_loop().post([state = state_.get(), listener = std::move(*listener)]() mutable {
    if (state->shut_down) return;
    listener->begin(*state);
    state->listeners.push_back(std::move(listener));
  });
  return endpoint;
}

Task<void> Server::shutdown(Milliseconds grace) {
  Executor& caller = *Executor::current();
  co_await state_->accept_loop().enter();
  state_->shut_down = true;
  state_->listeners.clear();
  for (auto& loop : state_->loops) {
    co_await loop->loop().enter();
    loop->drain();
  }
  co_await state_->accept_loop().enter();
  co_await end_connections(grace);
  // What any loop was still given to do for this server is done once this has come by.
  for (auto& loop : state_->loops) {
    co_await loop->loop().enter();
    co_await loop->loop().yield();
  }
  co_await caller.enter();
}

// On the accept loop's thread, where its timers are.
Task<void> Server::end_connections(Milliseconds grace) {
  EventLoop& home = state_->accept_loop();
  SteadyTime stop_at = home.now() + grace, close_at = stop_at + stopped_grace;
  State* state = state_.get();
  Timer stopping = home.start_timer(stop_at, [state] { state->on_each_loop([](ServerLoop& loop) { loop.stop(); }); });
  Timer closing = home.start_timer(close_at, [state] { state->on_each_loop([](ServerLoop& loop) { loop.close(); }); });
  Timer warning = home.start_timer(close_at + patience_with_handlers, [state] {
    log::error("handlers do not end although their connections are closed", {{"exchanges", state->connections.running()}});
  });
  co_await state->connections.join();
}

ServerStats Server::stats() const {
  ServerStats stats{.connections_open = state_->connections_open(), .connections_accepted = state_->accepted.load()};
  for (auto& loop : state_->loops) stats.requests += loop->requests.load(std::memory_order_relaxed);
  return stats;
}

}  // namespace outcrop::net
