// LiveConnection: one open WebSocket connection. It lives on its loop and is used there alone: its messages go to the events of its API,
// several at a time, and what answers them, or is posted to it, goes back.
#pragma once
#include <memory>

#include "core/signal.h"
#include "core/timers.h"
#include "core/world.h"
#include "gateway/connection/connection_events.h"
#include "gateway/connection/connection_settings.h"
#include "gateway/connection/connections.h"
#include "gateway/event/guards.h"

namespace outcrop {
class TaskGroup;
}

namespace outcrop::gateway {

// All must outlive the connections. `tasks` runs what goes on beside the conversation.
struct ConnectionParts {
  World& world;
  ConnectionEvents& events;
  Guards& guards;  // of what is posted
  TaskGroup& tasks;
};

class LiveConnection final : public std::enable_shared_from_this<LiveConnection> {
 public:
  LiveConnection(const ConnectionParts& parts, std::shared_ptr<const ConnectionContext> context, ConnectionSettings settings,
                 std::unique_ptr<net::WebSocket> socket);

  const std::shared_ptr<const ConnectionContext>& context() const { return context_; }
  Executor& loop() const { return loop_; }  // thread-safe

  // Up to the connection's end, which it gives. Messages may still be carried out then; what answers them is dropped.
  Task<net::CloseReason> converse();

  Result<Connections::Info> info() const;
  Result<void> post(std::string data);
  // Begins to close; what was taken in charge before is sent first. Once: later ends are the same end.
  void end(uint16_t code, std::string text);
  // Ends without a farewell: the API has been forgotten.
  void forget();
  bool is_forgotten() const { return is_forgotten_; }

 private:
  static Task<void> answer(std::shared_ptr<LiveConnection> self, net::WebSocketMessage message);
  static Task<void> send(std::shared_ptr<LiveConnection> self, std::string data);
  static Task<void> close(std::shared_ptr<LiveConnection> self, uint16_t code, std::string text);
  Task<std::optional<net::WebSocketMessage>> reply_to(net::WebSocketMessage message);
  void receive(net::WebSocketMessage message);
  bool is_open() const { return socket_ && !is_ending_; }
  void set_alarm();
  void alarm_rang();
  Instant idle_due() const { return last_active_ + settings_.idle_timeout; }
  Instant duration_due() const { return context_->record.connected_at + limits::connection_duration_max; }

  const ConnectionParts parts_;
  const std::shared_ptr<const ConnectionContext> context_;
  const ConnectionSettings settings_;
  std::unique_ptr<net::WebSocket> socket_;  // null once it has ended
  Executor& loop_;
  Instant last_active_;
  Timer alarm_;
  Signal answered_;
  size_t under_way_ = 0;  // messages
  bool is_ending_ = false, is_forgotten_ = false;
};

}  // namespace outcrop::gateway
