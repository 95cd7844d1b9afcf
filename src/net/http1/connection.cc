#include "net/http1/connection.h"

#include "base/check.h"
#include "base/log.h"

namespace outcrop::net {

Http1Connection::Http1Connection(ServerLoop& home, Channel& channel, Peer peer, bool tls)
    : Connection(home),
      home_(home),
      channel_(channel),
      parser_({home.options().request_line_bytes_max, home.options().head_bytes_max, home.options().fields_max}) {
  head_.peer = std::move(peer);
  head_.tls = tls;
}

Task<void> Http1Connection::run() {
  Idle waiting = Idle::fresh;
  Http1Exchange::Next next = Http1Exchange::Next::another_request;
  while (next == Http1Exchange::Next::another_request) {
    switch (co_await receive_head(waiting)) {
      case Arrival::request:
        next = co_await serve();
        break;
      case Arrival::refused:
        co_await refuse(parser_.refusal());
        next = Http1Exchange::Next::linger;
        break;
      case Arrival::none:
        next = Http1Exchange::Next::close;
        break;
    }
    waiting = Idle::kept;
  }
  if (next == Http1Exchange::Next::linger) co_await linger();
}

Task<Http1Connection::Arrival> Http1Connection::receive_head(Idle waiting) {
  parser_.reset();
  SteadyTime due = channel_.now() + (waiting == Idle::fresh ? home_.options().head_timeout : home_.options().idle_timeout);
  idle_ = waiting;
  for (;;) {
    if (!channel_.buffered().empty()) {
      if (std::exchange(idle_, Idle::no) != Idle::no) due = channel_.now() + home_.options().head_timeout;
      size_t taken = 0;
      ParseState state = parser_.feed(channel_.buffered(), head_, taken);
      channel_.consume(taken);
      if (state == ParseState::complete) co_return Arrival::request;
      if (state == ParseState::refused) co_return Arrival::refused;
    }
    if (idle_ != Idle::no && home_.draining()) co_return Arrival::none;
    Channel::End end = co_await channel_.fill(home_.options().head_bytes_max + limits::idle_buffer_bytes, due);
    if (end == Channel::End::timed_out && idle_ == Idle::no) {
      parser_.refuse_late();
      co_return Arrival::refused;
    }
    if (end != Channel::End::bytes) co_return Arrival::none;
  }
}

Task<Http1Exchange::Next> Http1Connection::serve() {
  home_.requests.store(home_.requests.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  Http1Exchange exchange(home_, channel_, head_, parser_.framing());
  exchange_ = &exchange;
  try {
    co_await home_.handler().serve(exchange);
  } catch (const std::exception& problem) {
    log::error("a handler failed", {{"method", head_.method}, {"path", head_.path}, {"problem", problem.what()}});
  }
  check(home_.loop().is_current(), "a handler ended on another thread than its connection's");
  Http1Exchange::Next next = co_await exchange.end();
  exchange_ = nullptr;
  head_.headers = {};  // an idle connection keeps no more than its read buffer
  co_return next;
}

// Bytes that are no request get a short answer, and then nothing that follows them can be trusted.
Task<void> Http1Connection::refuse(const Refusal& refusal) {
  std::string body = fmt::format("{}\n", refusal.reason);
  ResponseFraming framing{ResponseFraming::Body::length, body.size(), ResponseFraming::Connection::close};
  std::string head;
  append_response_head(head, {refusal.status, {{"content-type", "text/plain"}}}, framing, home_.date());
  (void)co_await channel_.write({head, body}, home_.options().write_timeout);
}

// Closing with unread bytes would make the kernel send a reset, which can overtake the answer.
Task<void> Http1Connection::linger() {
  channel_.shut_down_writing();
  SteadyTime due = channel_.now() + home_.options().linger_timeout;
  Channel::End end = Channel::End::bytes;
  for (uint64_t dropped = 0; end == Channel::End::bytes && dropped < limits::linger_bytes_max;) {
    dropped += channel_.buffered().size();
    channel_.consume(channel_.buffered().size());
    end = co_await channel_.fill(limits::read_part_bytes_max, due);
  }
}

// What left HTTP has no exchange that would end by itself.
void Http1Connection::drain() {
  if (exchange_ && exchange_->upgraded()) return stop();
  Connection::drain();
}

void Http1Connection::stop() {
  if (exchange_) exchange_->stop();
}

void Http1Connection::close() { channel_.close(); }

}  // namespace outcrop::net
