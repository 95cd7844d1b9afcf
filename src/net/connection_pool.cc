#include "net/connection_pool.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "net/http1/request_format.h"
#include "net/http1/response_parser.h"
#include "net/stop_on_loop.h"
#include "net/tls/stream.h"

namespace outcrop::net {

namespace {

std::unexpected<Fault> cancelled_early() { return fail("Cancelled", 499, "The request was cancelled before it had a connection."); }

Milliseconds time_until(SteadyTime due, const EventLoop& loop) { return std::chrono::ceil<Milliseconds>(due - loop.now()); }

}  // namespace

// What one who waits is given: a connection, the right to open one, or nothing.
struct ConnectionPool::Grant {
  enum class Kind { connection, slot, timed_out, cancelled };
  Kind kind;
  ClientConnection* connection = nullptr;
};

struct ConnectionPool::Waiter {
  Completion<Grant>::Setter setter;
  bool is_queued = true;
};

struct ConnectionPool::Dialing {
  std::stop_source stop;
};

struct Origin {
  const OriginKey* key = nullptr;
  size_t open = 0;  // connections, and those being opened
  std::vector<ClientConnection*> idle;
  std::list<ConnectionPool::Waiter*> waiters;
};

ClientConnection::ClientConnection(ConnectionPool& pool, Origin& origin, std::unique_ptr<Stream> stream)
    : channel(pool.loop(), std::move(stream)), pool_(pool), origin_(origin) {}

void ClientConnection::peer_gone() { pool_.discard(*this); }

// Nobody asked for anything: they cannot be an answer to what is asked next.
void ClientConnection::bytes_came() { pool_.discard(*this); }

ConnectionPool::ConnectionPool(EventLoop& loop, Dialer& dialer, const ClientOptions& options)
    : loop_(loop),
      dialer_(dialer),
      options_(options),
      sweep_(loop, [](void* self) { static_cast<ConnectionPool*>(self)->sweep(); }, this) {}

ConnectionPool::~ConnectionPool() { check(open_ == 0 && connections_.empty(), "a client is destroyed before it was closed"); }

ClientStats ConnectionPool::stats() const { return {open_, idle_.size(), waiting_, opened_}; }

Origin& ConnectionPool::origin_of(const Route& route) {
  auto found = origins_.find(route);
  if (found != origins_.end()) return *found->second;
  OriginKey key{route.url.host, route.url.port, route.proxy ? std::optional(*route.proxy) : std::nullopt, route.tls};
  auto made = origins_.emplace(std::move(key), std::make_unique<Origin>()).first;
  made->second->key = &made->first;
  return *made->second;
}

void ConnectionPool::make_busy(ClientConnection& connection) {
  connection.is_idle_ = false;
  connection.channel.stop_watching();
  connection.idle_node_.splice(connection.idle_node_.begin(), idle_, connection.idle_place_);
}

ClientConnection* ConnectionPool::take_idle(const Route& route) {
  auto found = origins_.find(route);
  if (found == origins_.end()) return nullptr;
  Origin& origin = *found->second;
  if (origin.idle.empty()) return nullptr;
  ClientConnection& connection = *origin.idle.back();
  origin.idle.pop_back();
  make_busy(connection);
  return &connection;
}

// Whether another connection may be opened, for which an idle one may have to go.
bool ConnectionPool::take_slot(Origin& origin) {
  bool full = origin.open >= options_.connections_per_origin_max;
  if (full && origin.idle.empty()) return false;
  ++origin.open;
  ++open_;
  if (full) discard(*origin.idle.front());
  return true;
}

Task<Result<ClientConnection*>> ConnectionPool::open(Route route, SteadyTime deadline, std::stop_token stop) {
  if (closing_) co_return cancelled_early();
  Origin& origin = origin_of(route);
  if (!take_slot(origin)) {
    ClientConnection* connection = co_await wait_for_turn(origin, deadline, stop);
    if (connection) co_return unless_closing(*connection);
  }
  Result<ClientConnection*> connection = cancelled_early();
  if (!closing_) connection = co_await keep(connect(origin, route, deadline, std::move(stop)));
  if (connection) co_return unless_closing(**connection);
  slot_freed(origin);
  co_return connection;
}

// What came when the client was being closed already is not seen by close().
Result<ClientConnection*> ConnectionPool::unless_closing(ClientConnection& connection) {
  if (!closing_) return &connection;
  discard(connection);
  return cancelled_early();
}

// Null: a connection may be opened.
Task<Result<ClientConnection*>> ConnectionPool::wait_for_turn(Origin& origin, SteadyTime deadline, std::stop_token stop) {
  if (origin.waiters.size() >= options_.waiting_per_origin_max) {
    co_return fail("PoolExhausted", 503, fmt::format("{} requests wait for a connection already.", origin.waiters.size()));
  }
  Completion<Grant> done(loop_);
  Waiter waiter{done.setter()};
  auto place = origin.waiters.insert(origin.waiters.end(), &waiter);
  ++waiting_;
  auto setter = waiter.setter;
  SteadyTime due = std::min(deadline, loop_.now() + options_.pool_timeout);
  Timer late = loop_.start_timer(due, [setter] { setter.set({Grant::Kind::timed_out}); });
  auto cancel = [&] { setter.set({Grant::Kind::cancelled}); };
  std::stop_callback on_stop(stop, cancel);
  Grant grant = co_await done;
  --waiting_;
  if (waiter.is_queued) origin.waiters.erase(place);
  if (grant.kind == Grant::Kind::timed_out) co_return fail("PoolTimeout", 504, "No connection became free in time.");
  if (grant.kind == Grant::Kind::cancelled) co_return cancelled_early();
  co_return grant.connection;
}

// Gives what became free to the first who still waits; whether there was one.
bool ConnectionPool::grant(Origin& origin, Grant grant) {
  while (!origin.waiters.empty()) {
    Waiter& waiter = *origin.waiters.front();
    origin.waiters.pop_front();
    waiter.is_queued = false;
    if (waiter.setter.set(grant)) return true;
  }
  return false;
}

void ConnectionPool::slot_freed(Origin& origin) {
  if (!closing_ && grant(origin, {Grant::Kind::slot})) return;
  --open_;
  if (--origin.open == 0) origins_.erase(origins_.find(*origin.key));
  if (open_ == 0 && all_gone_) all_gone_->set(true);
}

Task<Result<ClientConnection*>> ConnectionPool::connect(Origin& origin, Route route, SteadyTime deadline, std::stop_token stop) {
  SteadyTime due = std::min(deadline, loop_.now() + options_.connect_timeout);
  Dialing dialing;
  auto place = dialing_.insert(dialing_.end(), &dialing);
  auto cancel = [&] { dialing.stop.request_stop(); };
  std::stop_callback on_stop(stop, cancel);
  const std::string& host = route.proxy ? route.proxy->host : route.url.host;
  uint16_t port = route.proxy ? route.proxy->port : route.url.port;
  Result<std::unique_ptr<Stream>> stream = co_await keep(dialer_.dial(loop_, host, port, due, dialing.stop.get_token()));
  Result<void> ready;
  ClientConnection* connection = nullptr;
  if (stream) {
    connections_.push_back(std::unique_ptr<ClientConnection>(new ClientConnection(*this, origin, std::move(*stream))));
    connection = connections_.back().get();
    connection->place_ = std::prev(connections_.end());
    ready = co_await keep(prepare(*connection, route, due, dialing.stop.get_token()));
  }
  dialing_.erase(place);
  if (!stream) co_return std::unexpected(std::move(stream.error()));
  if (!ready) {
    tasks_.spawn(bury(*connection));
    co_return std::unexpected(std::move(ready.error()));
  }
  ++opened_;
  co_return connection;
}

// What comes before the first request.
Task<Result<void>> ConnectionPool::prepare(ClientConnection& connection, Route route, SteadyTime due, std::stop_token stop) {
  if (!route.url.tls) co_return {};
  StopOnLoop on_stop(loop_, [](void* channel) { static_cast<Channel*>(channel)->close(); }, &connection.channel);
  on_stop.watch(stop);
  Result<void> done;
  if (route.is_tunnelled()) done = co_await keep(tunnel(connection, route, due));
  if (done) done = co_await keep(secure(connection, route, due));
  if (!done && stop.stop_requested()) co_return cancelled_early();
  co_return done;
}

Task<Result<void>> ConnectionPool::tunnel(ClientConnection& connection, Route route, SteadyTime due) {
  Channel& channel = connection.channel;
  append_connect(connection.scratch, route.url, *route.proxy);
  auto refused = [&](std::string_view why) {
    return fail("ProxyRefused", 502, fmt::format("The proxy {}:{} did not open a tunnel: {}.", route.proxy->host, route.proxy->port, why));
  };
  if (!co_await channel.write({connection.scratch}, time_until(due, loop_))) co_return refused("it closed the connection");
  ResponseHeadParser parser({options_.head_bytes_max, options_.fields_max});
  ResponseHead head;
  for (size_t interim = 0; interim <= limits::interim_responses_max;) {
    size_t taken = 0;
    ParseState state = parser.feed(channel.buffered(), head, taken);
    channel.consume(taken);
    if (state == ParseState::refused) co_return refused(parser.refusal());
    if (state == ParseState::complete && head.status >= 200) {
      if (head.status >= 300) co_return refused(fmt::format("it answered {}", head.status));
      if (!channel.buffered().empty()) co_return refused("it sent bytes nobody asked for");
      co_return {};
    }
    if (state == ParseState::complete) {
      ++interim;
      parser.reset();
      continue;
    }
    Channel::End end = co_await channel.fill(options_.head_bytes_max + limits::idle_buffer_bytes, due);
    if (end == Channel::End::timed_out) co_return fail("ConnectTimeout", 504, "The proxy took too long to open a tunnel.");
    if (end != Channel::End::bytes) co_return refused("it closed the connection");
  }
  co_return refused("it sent too many interim responses");
}

Task<Result<void>> ConnectionPool::secure(ClientConnection& connection, Route route, SteadyTime due) {
  Channel& channel = connection.channel;
  Ssl ssl = co_await route.tls->connect(route.url.host, route.url.port);
  const TlsStream& stream = TlsStream::wrap(channel, std::move(ssl));
  Channel::WriteAwaiter ready = channel.ready_to_write(time_until(due, loop_));
  if (co_await ready) co_return {};
  if (ready.state == Channel::WriteState::timed_out) {
    co_return fail("ConnectTimeout", 504, fmt::format("The TLS handshake with {} took too long.", route.url.host));
  }
  bool unverified = stream.problem().starts_with("certificate verify failed");
  std::string_view problem = stream.problem().empty() ? "the connection was closed" : std::string_view(stream.problem());
  co_return fail(unverified ? "TlsVerificationFailed" : "TlsHandshakeFailed", 502,
                 fmt::format("TLS with {}: {}.", route.url.host, problem));
}

void ConnectionPool::release(ClientConnection& connection) {
  Channel& channel = connection.channel;
  if (closing_ || !channel.buffered().empty()) return discard(connection);
  connection.user = nullptr;
  connection.is_reused = true;
  if (connection.body.capacity() > limits::idle_buffer_bytes) std::string().swap(connection.body);
  Origin& origin = connection.origin_;
  if (grant(origin, {Grant::Kind::connection, &connection})) return;
  connection.is_idle_ = true;
  connection.idle_until_ = loop_.now() + options_.idle_timeout;
  if (idle_.empty()) sweep_.set(connection.idle_until_);
  idle_.splice(idle_.end(), connection.idle_node_);
  origin.idle.push_back(&connection);
  channel.watch(connection);
  if (origin.idle.size() > options_.idle_per_origin_max) {
    discard(*origin.idle.front());
  } else if (idle_.size() > options_.idle_connections_max) {
    discard(*idle_.front());
  }
}

void ConnectionPool::discard(ClientConnection& connection) {
  Origin& origin = connection.origin_;
  if (connection.is_idle_) {
    std::erase(origin.idle, &connection);
    make_busy(connection);
  }
  connection.user = nullptr;
  connection.is_discarded_ = true;
  connection.channel.close();
  if (!connection.writes_on) tasks_.spawn(bury(connection));
  slot_freed(origin);
}

Task<void> ConnectionPool::bury(ClientConnection& connection) {
  connection.channel.close();
  co_await connection.channel.closed();
  connections_.erase(connection.place_);
}

void ConnectionPool::write_on(ClientConnection& connection, Channel::WriteAwaiter rest) {
  connection.writes_on = true;
  tasks_.spawn(write_rest(connection, rest));
}

Task<void> ConnectionPool::write_rest(ClientConnection& connection, Channel::WriteAwaiter rest) {
  connection.request_failed = !co_await rest;
  connection.writes_on = false;
  if (connection.is_discarded_) co_await bury(connection);
}

void ConnectionPool::sweep() {
  while (!idle_.empty() && idle_.front()->idle_until_ <= loop_.now()) discard(*idle_.front());
  if (!idle_.empty()) sweep_.set(idle_.front()->idle_until_);
}

Task<void> ConnectionPool::close() {
  closing_ = true;
  sweep_.stop();
  for (Dialing* dialing : dialing_) dialing->stop.request_stop();
  for (auto& [key, origin] : origins_) {
    while (grant(*origin, {Grant::Kind::cancelled})) {
    }
  }
  while (!idle_.empty()) discard(*idle_.front());
  for (auto& connection : connections_) {
    if (connection->user) connection->user->client_closes();
  }
  if (open_ > 0) {
    Completion<bool> all_gone(loop_);
    all_gone_ = all_gone.setter();
    co_await all_gone;
  }
  co_await tasks_.join();
}

}  // namespace outcrop::net
