// WebSocket, the server's side (RFC 6455): whole messages both ways over a connection that was HTTP/1.1 before. Extensions
// are not negotiated, permessage-deflate among them, as API Gateway negotiates none: clients then send uncompressed. WebSocket over
// HTTP/2 (RFC 8441) is not offered.
//
// All calls are made on the connection's thread; who comes from another enters loop() first. One coroutine, the request's
// handler, receives; any number may send and close meanwhile. While the handler waits in receive(), pings are answered,
// silent peers are pinged, and time-outs and the server's shutdown are obeyed: a handler that does not receive leaves its peer
// waiting, which is the back-pressure.
#pragma once
#include <coroutine>
#include <expected>
#include <memory>
#include <optional>
#include <vector>

#include "base/completion.h"
#include "net/body_budget.h"
#include "net/channel.h"
#include "net/http.h"
#include "net/websocket/frame.h"

namespace outcrop::net {

struct WebSocketOptions {
  WebSocketLimits limits = {};
  Milliseconds message_timeout = limits::websocket_message_timeout;  // from a message's first byte to its last: 1008
  // So long without a message either way: 1001, as API Gateway closes. Zero: never.
  Milliseconds idle_timeout{0};
  // So long without a byte from the peer: it is pinged, and after as much again taken for gone. Zero: never.
  Milliseconds ping_interval = limits::websocket_ping_interval;
  Milliseconds close_timeout = limits::websocket_close_timeout;
  Milliseconds write_timeout = limits::write_timeout;  // in which the peer takes nothing of a message
  size_t queued_bytes_max = limits::websocket_queued_bytes_max;
  // Where given: shared by what has come of messages that are not whole; a connection for which nothing is left is closed
  // with 1013. Nobody waits for it, so it is best one that request bodies do not wait for.
  BodyBudget* budget = nullptr;
};

// How a connection ended.
struct WebSocketEnd {
  // Of the first close frame, whichever side sent it; 1005 when it had none, 1006 when the transport ended without one.
  CloseReason reason;
  bool by_peer = false;  // it began to close, or went away
};

class WebSocket {
 public:
  static bool is_requested(const RequestHead& head);
  // Whether the handshake can be accepted; a step of its own, because what decides over a connection may take its time and
  // refuse with any answer. refuse() gives the answer to the faults of this one.
  static Result<void> validate(const RequestHead& head);
  static Task<Result<void>> refuse(Exchange& exchange, Fault fault);

  // Answers 101 to a valid handshake, with `headers`: among them "sec-websocket-protocol", one of offered_subprotocols(), where
  // one is agreed on. Faults: those of validate() and of Exchange::upgrade().
  static Task<Result<std::unique_ptr<WebSocket>>> accept(Exchange& exchange, WebSocketOptions options = {}, Headers headers = {});

  // After receive() or close() has told the end, nobody uses it any more and it may be destroyed.
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;

  EventLoop& loop() { return channel_.loop(); }

  // The next message, or how the connection ended; then no send is under way any more.
  Task<std::expected<WebSocketMessage, WebSocketEnd>> receive();

  // Sends one message; returns when the socket has taken it. Messages leave in the order of the calls, each whole. `data` must
  // stay until then; a text must be UTF-8. Faults: ConnectionClosed 410 when the connection closes or has ended; SlowConsumer 503,
  // at once, when more than queued_bytes_max would wait.
  Task<Result<void>> send(std::string_view data, WebSocketMessage::Kind kind = WebSocketMessage::Kind::text);
  // Payload bytes of the sends under way: what the peer has not taken yet.
  size_t bytes_queued() const { return bytes_queued_; }

  // Closes behind what is being sent, and returns the end: when the peer has agreed, or at the latest after close_timeout.
  // Messages that arrive meanwhile are dropped. `code` is one that may be sent; `text` is cut to 123 bytes.
  Task<WebSocketEnd> close(uint16_t code = close_code::normal, std::string text = {});

 private:
  WebSocket(Exchange& exchange, Channel& channel, const WebSocketOptions& options);

  // Who writes, one after the other, in the order they came.
  class Turns {
   public:
    struct Awaiter;
    Awaiter take();
    void pass_on(EventLoop& loop);

   private:
    bool taken_ = false;
    Awaiter* first_ = nullptr;
    Awaiter* last_ = nullptr;
  };

  struct OnStop {
    WebSocket& socket;
    void operator()() const noexcept;
  };

  Task<void> act_on(WebSocketReader::Event event);
  std::optional<WebSocketMessage> take_message();
  Task<void> let_senders_go();
  Task<void> wait_for_bytes();
  bool hold_memory();
  Task<void> overdue();
  SteadyTime message_due() const;
  SteadyTime idle_due() const;
  SteadyTime silence_due() const;
  SteadyTime next_due() const;
  Task<bool> write_frame(WebSocketOpcode opcode, std::string_view payload);
  Task<void> send_close(CloseReason reason, bool by_peer);
  Task<WebSocketEnd> told_end();
  void transport_ended(bool reset);

  Channel& channel_;
  const WebSocketOptions options_;
  WebSocketReader reader_;
  std::optional<BodyBudget::Reservation> memory_;  // of the message that has not come whole
  Turns turns_;
  size_t bytes_queued_ = 0;

  SteadyTime heard_, last_message_;          // when bytes came, and when a message went either way
  std::optional<SteadyTime> message_began_;  // the one that has not come whole
  std::optional<SteadyTime> pinged_;         // since we heard something
  bool receiving_ = false;
  bool server_stops_ = false;
  bool closing_ = false;             // a close frame was seen or is on its way: nothing is sent behind it
  bool over_ = false;                // nothing more will be read
  bool agreed_ = false;              // both sides have sent a close frame
  bool left_ = false;                // and nobody sends any more
  std::optional<WebSocketEnd> end_;  // known since closing_ or over_
  Timer close_timer_;
  std::vector<Completion<WebSocketEnd>::Setter> waiting_for_end_;
  std::stop_callback<OnStop> on_stop_;
};

struct WebSocket::Turns::Awaiter {
  Turns& turns;
  std::coroutine_handle<> waiting = {};
  Awaiter* next = nullptr;

  bool await_ready() noexcept { return !std::exchange(turns.taken_, true); }
  void await_suspend(std::coroutine_handle<> self) noexcept;
  void await_resume() const noexcept {}
};

}  // namespace outcrop::net
