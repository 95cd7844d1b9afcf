// What a server keeps on one loop: its connections there, and what they share.
#pragma once
#include <atomic>
#include <list>
#include <string>

#include "net/held_answers.h"
#include "net/server.h"

namespace outcrop::net {

// A connection of any protocol, as its server sees it: something that can be asked to end. On its loop's thread.
// It is in its server's list as long as it lives.
class Connection {
 public:
  enum class Idle { no, fresh, kept };  // kept: it has served and waits for another request
  virtual Idle idle() const = 0;
  // The server shuts down: what is idle goes now, and what runs ends as soon as it can.
  virtual void drain() {
    if (idle() != Idle::no) close();
  }
  virtual void stop() = 0;   // stops the tokens of the running exchanges
  virtual void close() = 0;  // drops the transport; running exchanges see ConnectionClosed

 protected:
  explicit Connection(class ServerLoop& home);
  ~Connection();

 private:
  class ServerLoop& home_;
  std::list<Connection*>::iterator place_;
};

class ServerLoop {
 public:
  ServerLoop(EventLoop& loop, BodyBudget& budget, Handler& handler, const ServerOptions& options, const std::atomic<bool>& crowded);
  ServerLoop(const ServerLoop&) = delete;

  EventLoop& loop() { return loop_; }
  BodyBudget& budget() { return budget_; }
  HeldAnswers& answers() { return answers_; }
  Handler& handler() { return handler_; }
  const ServerOptions& options() const { return options_; }

  // The value of the Date field, made once a second from the machine's own clock.
  std::string_view date();

  // The running exchanges are the last ones of their connections.
  bool draining() const { return draining_; }
  // Whether a connection should wait for another request: not while others wait for a connection.
  bool keeps_connections() const { return !draining_ && !crowded_.load(std::memory_order_relaxed); }
  void close_kept(size_t connections_max);  // of those that wait for another request, the oldest
  void drain();
  void stop();
  void close();

  // For choosing the loop of a new connection, and for statistics; any thread.
  std::atomic<uint64_t> connections_open = 0;
  std::atomic<uint64_t> requests = 0;  // written by the loop's thread only

  // Bytes of HTTP/2 bodies that wait for their handlers.
  size_t unread_bytes = 0;

 private:
  friend Connection;

  EventLoop& loop_;
  BodyBudget& budget_;
  HeldAnswers answers_;
  Handler& handler_;
  const ServerOptions& options_;
  const std::atomic<bool>& crowded_;
  bool draining_ = false;
  std::list<Connection*> connections_;  // the oldest first

  std::string date_;
  SteadyTime date_until_ = SteadyTime::min();
};

}  // namespace outcrop::net
