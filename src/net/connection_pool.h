// Connections of a client on one loop, kept by origin. What was used last is used next, so that the others age and
// go; a connection whose server ends it, or says something unasked, is not used again.
#pragma once
#include <list>
#include <memory>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/task_group.h"
#include "net/channel.h"
#include "net/http_client.h"

namespace outcrop::net {

// Where a connection leads, and through what.
struct Route {
  const Url& url;
  const Proxy* proxy = nullptr;
  const std::shared_ptr<TlsClientContext>& tls;  // null for http

  bool is_tunnelled() const { return proxy && url.tls; }
};

class ConnectionPool;
struct Origin;

class ClientConnection final : Channel::Watcher {
 public:
  // Whose exchange is under way.
  struct User {
    virtual void client_closes() = 0;

   protected:
    ~User() = default;
  };

  Channel channel;
  User* user = nullptr;
  std::string scratch;          // the head of a request, then what frames each chunk
  std::string body;             // of a request that is sent whole
  bool is_reused = false;       // it has served before
  bool writes_on = false;       // a task of the pool's sends the rest of the request
  bool request_failed = false;  // that task could not

 private:
  friend ConnectionPool;
  ClientConnection(ConnectionPool& pool, Origin& origin, std::unique_ptr<Stream> stream);
  void peer_gone() override;
  void bytes_came() override;

  ConnectionPool& pool_;
  Origin& origin_;
  std::list<std::unique_ptr<ClientConnection>>::iterator place_;
  std::list<ClientConnection*> idle_node_{this};  // moves to the pool's list while it is idle
  const std::list<ClientConnection*>::iterator idle_place_ = idle_node_.begin();
  SteadyTime idle_until_;
  bool is_idle_ = false, is_discarded_ = false;
};

// Who shares connections.
struct OriginKey {
  std::string host;
  uint16_t port = 0;
  std::optional<Proxy> proxy;
  std::shared_ptr<TlsClientContext> tls;  // null for http
};

struct OriginHash {
  using is_transparent = void;
  size_t operator()(const OriginKey& key) const { return std::hash<std::string_view>()(key.host) + key.port; }
  size_t operator()(const Route& route) const { return std::hash<std::string_view>()(route.url.host) + route.url.port; }
};

struct OriginEqual {
  using is_transparent = void;
  bool operator()(const OriginKey& a, const OriginKey& b) const {
    return a.host == b.host && a.port == b.port && a.tls == b.tls && a.proxy == b.proxy;
  }
  bool operator()(const Route& a, const OriginKey& b) const {
    bool same_proxy = a.proxy ? b.proxy == *a.proxy : !b.proxy;
    return a.url.host == b.host && a.url.port == b.port && a.tls == b.tls && same_proxy;
  }
};

class ConnectionPool {
 public:
  ConnectionPool(EventLoop& loop, Dialer& dialer, const ClientOptions& options);
  ~ConnectionPool();

  EventLoop& loop() { return loop_; }
  const ClientOptions& options() const { return options_; }

  // An idle connection, or null.
  ClientConnection* take_idle(const Route& route);
  // A new connection, or the next that is free where no more may be opened; those who wait are served in their order.
  // Faults: PoolExhausted 503, PoolTimeout 504, Cancelled 499, ProxyRefused 502 and those of a Dialer.
  Task<Result<ClientConnection*>> open(Route route, SteadyTime deadline, std::stop_token stop);

  // It may carry another exchange.
  void release(ClientConnection& connection);
  // It may not.
  void discard(ClientConnection& connection);
  // Sends what the connection did not take of a request at once, while somebody may read already.
  void write_on(ClientConnection& connection, Channel::WriteAwaiter rest);

  // As HttpClient::close.
  Task<void> close();
  ClientStats stats() const;

 private:
  friend ClientConnection;
  friend Origin;
  struct Grant;
  struct Waiter;
  struct Dialing;

  Origin& origin_of(const Route& route);
  bool take_slot(Origin& origin);
  Result<ClientConnection*> unless_closing(ClientConnection& connection);
  Task<Result<ClientConnection*>> wait_for_turn(Origin& origin, SteadyTime deadline, std::stop_token stop);
  bool grant(Origin& origin, Grant grant);
  void slot_freed(Origin& origin);

  Task<Result<ClientConnection*>> connect(Origin& origin, Route route, SteadyTime deadline, std::stop_token stop);
  Task<Result<void>> prepare(ClientConnection& connection, Route route, SteadyTime due, std::stop_token stop);
  Task<Result<void>> tunnel(ClientConnection& connection, Route route, SteadyTime due);
  Task<Result<void>> secure(ClientConnection& connection, Route route, SteadyTime due);

  void make_busy(ClientConnection& connection);
  void sweep();
  Task<void> bury(ClientConnection& connection);
  Task<void> write_rest(ClientConnection& connection, Channel::WriteAwaiter rest);

  EventLoop& loop_;
  Dialer& dialer_;
  const ClientOptions& options_;

  std::unordered_map<OriginKey, std::unique_ptr<Origin>, OriginHash, OriginEqual> origins_;
  std::list<std::unique_ptr<ClientConnection>> connections_;
  std::list<ClientConnection*> idle_;  // the one that waits longest first
  std::list<Dialing*> dialing_;
  Deadline sweep_;
  TaskGroup tasks_;  // burials, and the rests of requests

  size_t open_ = 0, waiting_ = 0;
  uint64_t opened_ = 0;
  bool closing_ = false;
  std::optional<Completion<bool>::Setter> all_gone_;
};

}  // namespace outcrop::net
