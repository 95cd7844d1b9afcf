#include "gateway/connection/live_connection.h"

#include "base/encoding.h"
#include "base/log.h"
#include "base/task_group.h"
#include "gateway/connection/error_body.h"

namespace outcrop::gateway {

namespace {

using net::close_code::going_away, net::close_code::none_received, net::close_code::policy_violation, net::close_code::unsupported_data;

Fault is_gone() { return {"GoneException", 410, ""}; }

// AWS's words to handlers; a client's own reason is passed on.
net::CloseReason told_reason(net::WebSocketEnd end) {
  if (end.reason.code == none_received) end.reason.text = "Client-side close frame status not set";
  return std::move(end.reason);
}

// What was posted is a text on AWS; what cannot be one arrives unharmed as a binary message.
net::WebSocketMessage::Kind kind_of(std::string_view data) {
  return is_valid_utf8(data) ? net::WebSocketMessage::Kind::text : net::WebSocketMessage::Kind::binary;
}

}  // namespace

LiveConnection::LiveConnection(const ConnectionParts& parts, std::shared_ptr<const ConnectionContext> context, ConnectionSettings settings,
                               std::unique_ptr<net::WebSocket> socket)
    : parts_(parts),
      context_(std::move(context)),
      settings_(settings),
      socket_(std::move(socket)),
      loop_(socket_->loop()),
      last_active_(parts.world.clock.wall()) {
  set_alarm();
}

Task<net::CloseReason> LiveConnection::converse() {
  std::optional<net::WebSocketEnd> end;
  while (!end) {
    while (under_way_ >= limits::messages_under_way_max) co_await answered_.wait();
    auto received = co_await socket_->receive();
    if (!received) {
      end = std::move(received.error());
    } else if (received->kind == net::WebSocketMessage::Kind::binary) {
      end = co_await socket_->close(unsupported_data, "Binary frames are not supported.");
    } else {
      receive(std::move(*received));
    }
  }
  alarm_.reset();
  socket_.reset();
  co_return told_reason(std::move(*end));
}

void LiveConnection::receive(net::WebSocketMessage message) {
  last_active_ = parts_.world.clock.wall();
  ++under_way_;
  parts_.tasks.spawn(answer(shared_from_this(), std::move(message)));
}

Task<void> LiveConnection::answer(std::shared_ptr<LiveConnection> self, net::WebSocketMessage message) {
  std::optional<net::WebSocketMessage> reply = co_await self->reply_to(std::move(message));
  co_await self->loop_.enter();
  if (reply && self->is_open()) {
    self->last_active_ = self->parts_.world.clock.wall();
    // A client that goes meanwhile does not hear it; there is nobody left to tell.
    [[maybe_unused]] Result<void> sent = co_await self->socket_->send(reply->data, reply->kind);
  }
  --self->under_way_;
  self->answered_.notify_all();
}

Task<std::optional<net::WebSocketMessage>> LiveConnection::reply_to(net::WebSocketMessage message) {
  try {
    co_return co_await parts_.events.message(*context_, std::move(message));
  } catch (const std::exception& problem) {
    log::error("a message's event threw", {{"connection", context_->id}, {"problem", problem.what()}});
  }
  co_return net::WebSocketMessage{
      .data = error_body({.message = "Internal server error", .connection_id = context_->id, .request_id = parts_.world.random.uuid()})};
}

Result<Connections::Info> LiveConnection::info() const {
  if (!is_open()) return fail(is_gone());
  return Connections::Info{*context_, last_active_};
}

// The queue is looked at before the message is taken, so that one that is alone always fits.
Result<void> LiveConnection::post(std::string data) {
  if (!is_open()) return fail(is_gone());
  if (data.size() > limits::message_bytes_max) return fail("PayloadTooLargeException", 413, "Message too long");
  if (const size_t queued = socket_->bytes_queued(); queued > 0 && queued + data.size() > limits::posted_bytes_max) {
    if (!settings_.closes_slow_consumer) return fail("LimitExceededException", 429, "");
    end(policy_violation, "The client takes too little of what is sent to it.");
    return fail(is_gone());
  }
  if (Result<void> admitted = parts_.guards.admit_post(*context_); !admitted) return admitted;
  last_active_ = parts_.world.clock.wall();
  parts_.tasks.spawn(send(shared_from_this(), std::move(data)));
  return {};
}

Task<void> LiveConnection::send(std::shared_ptr<LiveConnection> self, std::string data) {
  [[maybe_unused]] Result<void> sent = co_await self->socket_->send(data, kind_of(data));
}

void LiveConnection::end(uint16_t code, std::string text) {
  if (!is_open()) return;
  is_ending_ = true;
  parts_.tasks.spawn(close(shared_from_this(), code, std::move(text)));
}

Task<void> LiveConnection::close(std::shared_ptr<LiveConnection> self, uint16_t code, std::string text) {
  (void)co_await self->socket_->close(code, std::move(text));
}

void LiveConnection::forget() {
  is_forgotten_ = true;
  end(going_away, "The API has been reset.");
}

// One timer a connection, which activity does not touch: it finds out when it rings that there was some.
void LiveConnection::set_alarm() {
  alarm_ = parts_.world.timers.at(std::min(idle_due(), duration_due()), [this] { alarm_rang(); });
}

void LiveConnection::alarm_rang() {
  if (const Instant now = parts_.world.clock.wall(); now >= idle_due() || now >= duration_due())
    end(going_away, "Going away");
  else
    set_alarm();
}

}  // namespace outcrop::gateway
