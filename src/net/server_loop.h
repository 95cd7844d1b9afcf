// What a server keeps on one loop: its connections there, and what they share.
#pragma once
#include <atomic>
#include <list>
#include <string>

#include "net/channel.h"
#include "net/server.h"

namespace outcrop::net {

// A connection of any protocol, as its server sees it: something that can be asked to end. On its loop's thread.
// It is in its server's list as long as it lives.
class Connection {
 public:
  virtual bool close_if_idle() = 0;  // when no exchange runs and none has begun to arrive; says whether it does
  virtual void stop() = 0;           // stops the tokens of the running exchanges
  virtual void close() = 0;          // drops the transport; running exchanges see ConnectionClosed

 protected:
  explicit Connection(class ServerLoop& home);
  ~Connection();

 private:
  class ServerLoop& home_;
  std::list<Connection*>::iterator place_;
};

class ServerLoop {
 public:
  ServerLoop(EventLoop& loop, BodyBudget& budget, Handler& handler, const ServerOptions& options);
  ServerLoop(const ServerLoop&) = delete;

  EventLoop& loop() { return loop_; }
  BodyBudget& budget() { return budget_; }
  Handler& handler() { return handler_; }
  const ServerOptions& options() const { return options_; }

  // The value of the Date field, made once a second from the machine's own clock.
  std::string_view date();
  // To be called when body memory was given back: a burst's memory goes back to the system a little later.
  void bodies_released();

  // The running exchanges are the last ones of their connections.
  bool draining() const { return draining_; }
  void close_idle(size_t connections_max);  // the oldest
  void drain();
  void stop();
  void close();

  // For choosing the loop of a new connection, and for statistics; any thread.
  std::atomic<uint64_t> connections_open = 0;
  std::atomic<uint64_t> requests = 0;  // written by the loop's thread only

 private:
  friend Connection;

  EventLoop& loop_;
  BodyBudget& budget_;
  Handler& handler_;
  const ServerOptions& options_;
  bool draining_ = false;
  std::list<Connection*> connections_;  // the oldest first

  std::string date_;
  SteadyTime date_until_ = SteadyTime::min();
  Deadline trim_;
};

}  // namespace outcrop::net
