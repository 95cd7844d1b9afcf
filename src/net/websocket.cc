#include "net/websocket.h"

#include <algorithm>

#include "base/check.h"
#include "net/websocket/handshake.h"

namespace outcrop::net {

namespace {

std::unexpected<Fault> websocket_closed() { return fail("ConnectionClosed", 410, "The WebSocket is closed."); }

SteadyTime after(SteadyTime since, Milliseconds time) { return time == Milliseconds(0) ? SteadyTime::max() : since + time; }

}  // namespace

WebSocket::Turns::Awaiter WebSocket::Turns::take() { return {*this}; }

void WebSocket::Turns::Awaiter::await_suspend(std::coroutine_handle<> self) noexcept {
  waiting = self;
  (turns.last_ ? turns.last_->next : turns.first_) = this;
  turns.last_ = this;
}

// The next one goes on in a job of its own: a long line would otherwise grow the stack.
void WebSocket::Turns::pass_on(EventLoop& loop) {
  if (!first_) {
    taken_ = false;
    return;
  }
  Awaiter* next = std::exchange(first_, first_->next);
  if (!first_) last_ = nullptr;
  loop.post([waiting = next->waiting] { waiting.resume(); });
}

bool WebSocket::is_requested(const RequestHead& head) { return asks_for_websocket(head); }

Result<void> WebSocket::validate(const RequestHead& head) { return check_websocket_handshake(head); }

Task<Result<void>> WebSocket::refuse(Exchange& exchange, Fault fault) {
  ResponseHead head{fault.status, {{"content-type", "text/plain"}}};
  if (fault.status == 405) head.headers.add("allow", "GET");
  if (fault.status == 426) {
    head.headers.add("upgrade", "websocket");
    head.headers.add("sec-websocket-version", "13");
  }
  co_return co_await keep(exchange.respond(std::move(head), fault.message + "\n"));
}

Task<Result<std::unique_ptr<WebSocket>>> WebSocket::accept(Exchange& exchange, WebSocketOptions options, Headers headers) {
  co_await validate(exchange.head());
  headers.set("upgrade", "websocket");
  headers.set("sec-websocket-accept", websocket_accept(exchange.head().headers.get("sec-websocket-key")));
  Channel* channel = co_await exchange.upgrade(std::move(headers));
  co_return std::unique_ptr<WebSocket>(new WebSocket(exchange, *channel, options));
}

WebSocket::WebSocket(Exchange& exchange, Channel& channel, const WebSocketOptions& options)
    : channel_(channel),
      options_(options),
      reader_(options.limits),
      heard_(channel.now()),
      last_message_(heard_),
      on_stop_(exchange.stop_token(), OnStop{*this}) {
  if (options.budget) memory_.emplace(*options.budget);
}

WebSocket::~WebSocket() { check(bytes_queued_ == 0 && !receiving_, "a WebSocket is destroyed while it is used"); }

void WebSocket::OnStop::operator()() const noexcept {
  socket.server_stops_ = true;
  if (socket.receiving_) socket.channel_.time_out_read();
}

Task<std::expected<WebSocketMessage, WebSocketEnd>> WebSocket::receive() {
  if (receiving_) {  // for somebody who closes
    check(closing_, "two receivers on one WebSocket");
    co_return std::unexpected(co_await told_end());
  }
  receiving_ = true;
  std::optional<WebSocketMessage> message;
  while (!over_ && !message) {
    if (server_stops_) co_await send_close({close_code::going_away, "The server shuts down."}, false);
    size_t taken = 0;
    WebSocketReader::Event event = reader_.feed(channel_.buffered(), taken);
    channel_.consume(taken);
    if (event == WebSocketReader::Event::needs_more) {
      co_await wait_for_bytes();
    } else if (event == WebSocketReader::Event::message) {
      message = take_message();
    } else {
      co_await act_on(event);
    }
  }
  if (!message) co_await let_senders_go();
  receiving_ = false;
  if (message) co_return std::move(*message);
  for (auto& waiting : std::exchange(waiting_for_end_, {})) waiting.set(*end_);
  co_return std::unexpected(*end_);
}

// None once we close: what the peer still says is dropped.
std::optional<WebSocketMessage> WebSocket::take_message() {
  message_began_.reset();
  last_message_ = channel_.now();
  WebSocketMessage message = reader_.take_message();
  if (memory_) memory_->release();
  if (closing_) return std::nullopt;
  return message;
}

// Behind every send, and for good. When both sides have said that they close, and nothing followed it, the transport ends
// at once; otherwise it is the connection that waits for the peer to notice.
Task<void> WebSocket::let_senders_go() {
  if (std::exchange(left_, true)) co_return;
  co_await turns_.take();
  close_timer_.reset();
  if (agreed_ && channel_.buffered().empty()) channel_.close();
}

Task<void> WebSocket::act_on(WebSocketReader::Event event) {
  switch (event) {
    case WebSocketReader::Event::ping:
      // Nothing more is read until it is answered, so that a flood of pings waits on the peer's side.
      if (!closing_) co_await write_frame(WebSocketOpcode::pong, reader_.control_payload());
      break;
    case WebSocketReader::Event::close:
      co_await send_close(reader_.close_reason(), true);
      over_ = agreed_ = true;
      break;
    case WebSocketReader::Event::refused:
      co_await send_close(reader_.close_reason(), false);
      over_ = true;
      break;
    default:
      break;
  }
}

Task<void> WebSocket::wait_for_bytes() {
  if (reader_.at_rest()) message_began_.reset();
  if (!reader_.at_rest() && !message_began_) message_began_ = channel_.now();
  if (!hold_memory()) {
    co_await send_close({close_code::try_again_later, "There is no memory for the message."}, false);
    over_ = true;
    co_return;
  }
  switch (co_await channel_.fill(limits::read_part_bytes_max, next_due())) {
    case Channel::End::bytes:
      heard_ = channel_.now();
      pinged_.reset();
      break;
    case Channel::End::timed_out:
      co_await overdue();
      break;
    case Channel::End::end_of_stream:
      transport_ended(false);
      break;
    case Channel::End::closed:
      transport_ended(true);
      break;
  }
}

bool WebSocket::hold_memory() { return !memory_ || reader_.at_rest() || memory_->try_hold(reader_.memory()); }

SteadyTime WebSocket::message_due() const { return message_began_ ? after(*message_began_, options_.message_timeout) : SteadyTime::max(); }
SteadyTime WebSocket::idle_due() const { return after(last_message_, options_.idle_timeout); }
SteadyTime WebSocket::silence_due() const { return after(pinged_.value_or(heard_), options_.ping_interval); }

SteadyTime WebSocket::next_due() const {
  if (closing_) return SteadyTime::max();  // the timer of the closing handshake sees to it
  return std::min({message_due(), idle_due(), silence_due()});
}

Task<void> WebSocket::overdue() {
  SteadyTime now = channel_.now();
  if (closing_) co_return;
  if (now >= message_due()) {
    co_await send_close({close_code::policy_violation, "The message did not arrive in time."}, false);
  } else if (bytes_queued_ > 0) {  // the peer is judged by how it takes what is sent
    last_message_ = heard_ = now;
    pinged_.reset();
  } else if (now >= idle_due()) {
    co_await send_close({close_code::going_away, "The connection is idle."}, false);
  } else if (now >= silence_due() && pinged_) {
    transport_ended(true);
  } else if (now >= silence_due()) {
    pinged_ = now;
    co_await write_frame(WebSocketOpcode::ping, {});
  }
}

Task<Result<void>> WebSocket::send(std::string_view data, WebSocketMessage::Kind kind) {
  if (closing_ || over_) co_return websocket_closed();
  size_t bytes = data.size() + WebSocketFrameHead::bytes_max;
  if (bytes_queued_ > 0 && bytes_queued_ + bytes > options_.queued_bytes_max) {
    co_return fail("SlowConsumer", 503, "The peer does not take what is sent to it.");
  }
  bytes_queued_ += bytes;
  bool sent = co_await write_frame(kind == WebSocketMessage::Kind::text ? WebSocketOpcode::text : WebSocketOpcode::binary, data);
  bytes_queued_ -= bytes;
  if (!sent) co_return websocket_closed();
  last_message_ = channel_.now();
  co_return {};
}

// In one write to the socket.
Task<bool> WebSocket::write_frame(WebSocketOpcode opcode, std::string_view payload) {
  co_await turns_.take();
  WebSocketFrameHead head(opcode, payload.size());
  bool written = co_await channel_.write({head.bytes(), payload}, options_.write_timeout);
  if (!written) transport_ended(true);
  turns_.pass_on(loop());
  co_return written;
}

Task<WebSocketEnd> WebSocket::close(uint16_t code, std::string text) {
  check(close_code::is_sendable(code), "a close code that may not be sent");
  if (!over_) co_await send_close({code, std::move(text)}, false);
  while (!receiving_) {
    auto received = co_await receive();
    if (!received) co_return received.error();
  }
  co_return co_await told_end();
}

// By the one who receives.
Task<WebSocketEnd> WebSocket::told_end() {
  Completion<WebSocketEnd> told(loop());
  waiting_for_end_.push_back(told.setter());
  co_return co_await told;
}

// Begins the closing handshake, or answers the peer who did. From here on everything is bounded by close_timeout.
Task<void> WebSocket::send_close(CloseReason reason, bool by_peer) {
  if (std::exchange(closing_, true)) co_return;
  std::string payload = close_payload(reason.code, by_peer ? std::string_view() : reason.text);
  end_ = {std::move(reason), by_peer};
  close_timer_ = loop().start_timer(channel_.now() + options_.close_timeout, [this] { transport_ended(true); });
  co_await write_frame(WebSocketOpcode::close, payload);
}

void WebSocket::transport_ended(bool reset) {
  over_ = true;
  if (!end_) end_ = {{close_code::abnormal, ""}, true};
  channel_.close(reset);
}

}  // namespace outcrop::net
