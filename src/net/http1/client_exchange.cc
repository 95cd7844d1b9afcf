#include "net/http1/client_exchange.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace outcrop::net {

namespace {

constexpr size_t usual_request_bytes = 512;
constexpr int first_error_status = 400;

// RFC 9110 section 9.2.2.
bool is_idempotent(std::string_view method) {
  static constexpr std::string_view methods[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  return std::ranges::find(methods, method) != std::end(methods);
}

}  // namespace

Http1ClientExchange::Http1ClientExchange(ConnectionPool& pool, ClientConnection& connection, const ClientRequest& request)
    : pool_(pool),
      connection_(&connection),
      method_(request.method),
      response_timeout_(request.response_timeout),
      read_timeout_(request.read_timeout),
      connection_was_reused_(connection.is_reused),
      parser_({pool.options().head_bytes_max, pool.options().fields_max}),
      deadline_(
          pool.loop(), [](void* self) { static_cast<Http1ClientExchange*>(self)->break_off(BrokenOff::deadline); }, this),
      on_stop_(pool.loop(), [](void* self) { static_cast<Http1ClientExchange*>(self)->break_off(BrokenOff::cancelled); }, this) {
  connection.user = this;
  connection.request_failed = false;
  if (request.deadline != SteadyTime::max()) deadline_.set(request.deadline);
  on_stop_.watch(request.stop);
}

Http1ClientExchange::~Http1ClientExchange() {
  if (connection_) pool_.discard(*connection_);
}

// Whoever waits goes on with a fault; the connection is given up once nobody does.
void Http1ClientExchange::break_off(BrokenOff why) {
  if (!connection_ || broken_off_ != BrokenOff::no) return;
  broken_off_ = why;
  connection_->channel.close();
}

std::unexpected<Fault> Http1ClientExchange::give_up(std::string code, int status, std::string message) {
  if (connection_) connection_->channel.close();
  phase_ = Phase::broken;
  fault_ = {std::move(code), status, std::move(message)};
  return fail(fault_);
}

std::unexpected<Fault> Http1ClientExchange::late(std::string_view what) {
  if (phase_ == Phase::head && !answer_begun_) return give_up("ResponseTimeout", 504, fmt::format("The response did not begin: {}.", what));
  return give_up("ReadTimeout", 504, fmt::format("The rest of the response did not come: {}.", what));
}

// Judges how a read ended.
Result<void> Http1ClientExchange::judge(Channel::End end) {
  switch (broken_off_) {
    case BrokenOff::deadline:
      return late("the deadline of the request has passed");
    case BrokenOff::cancelled:
      return give_up("Cancelled", 499, "The request was cancelled.");
    case BrokenOff::closed:
      return give_up("Cancelled", 499, "The client is being closed.");
    case BrokenOff::no:
      break;
  }
  if (end == Channel::End::bytes) return {};
  if (end == Channel::End::timed_out)
    return late(fmt::format("{} ms were waited for it", (phase_ == Phase::head ? response_timeout_ : read_timeout_).count()));
  peer_ended_ = true;
  if (answer_begun_) return give_up("IncompleteResponse", 502, "The connection ended within the response.");
  return give_up("NoResponse", 502, "The connection was closed before a response began.");
}

Task<Result<void>> Http1ClientExchange::send(ClientRequest& request, const Proxy* proxy) {
  Channel& channel = connection_->channel;
  std::string& head = connection_->scratch;
  request_framing_ = framing_of_whole(request);
  head.clear();
  head.reserve(usual_request_bytes);
  append_request_head(head, request, request_framing_, proxy);
  std::string& body = connection_->body = std::move(request.body);
  if (request_framing_.expect_continue) {
    if (!co_await channel.write({head}, pool_.options().write_timeout)) sending_ = Sending::failed;
    if (sending_ == Sending::streaming) co_await await_continue();
    if (sending_ != Sending::streaming) co_return co_await keep(receive());
    head.clear();
  }
  Channel::WriteAwaiter rest = channel.write({head, body}, pool_.options().write_timeout);
  size_t first_bytes = rest.parts[0].iov_len;
  if (rest.await_ready()) {
    sending_ = rest.await_resume() ? Sending::sent : Sending::failed;
    nothing_sent_ = sending_ == Sending::failed && rest.first == 0 && rest.parts[0].iov_len == first_bytes;
  } else {
    sending_ = Sending::handed_over;
    pool_.write_on(*connection_, rest);
  }
  co_return co_await keep(receive());
}

Task<Result<void>> Http1ClientExchange::start(const ClientRequest& request, const RequestFraming& framing, const Proxy* proxy) {
  request_framing_ = framing;
  unwritten_ = framing.length;
  std::string& head = connection_->scratch;
  head.clear();
  append_request_head(head, request, framing, proxy);
  co_await send_part({head});
  if (framing.expect_continue) co_await await_continue();
  co_return {};
}

// Until the server wants the body, has answered without it, or leaves open which (RFC 9110 section 10.1.1).
Task<Result<void>> Http1ClientExchange::await_continue() {
  Channel& channel = connection_->channel;
  SteadyTime due = channel.now() + pool_.options().continue_timeout;
  while (!got_continue_ && phase_ == Phase::head) {
    ParseState state = take_head();
    if (state == ParseState::needs_more) {
      if (got_continue_) break;
      Channel::End end = co_await channel.fill(pool_.options().head_bytes_max + limits::idle_buffer_bytes, due);
      if (end == Channel::End::timed_out) break;
      co_await judge(end);
      continue;
    }
    sending_ = Sending::abandoned;  // what came is no invitation
    co_await head_is(state);
  }
  co_return {};
}

bool Http1ClientExchange::may_try_again(ClientRequest& request) {
  bool stale = connection_was_reused_ && peer_ended_ && !answer_begun_;
  bool harmless = nothing_sent_ || request.may_be_repeated || is_idempotent(method_);
  if (!stale || !harmless || connection_->writes_on) return false;
  request.body = std::move(connection_->body);
  return true;
}

bool Http1ClientExchange::request_is_sent() const {
  if (sending_ == Sending::handed_over) return !connection_->writes_on && !connection_->request_failed;
  return sending_ == Sending::sent;
}

// Whether the peer took something of the request since this was asked last.
bool Http1ClientExchange::request_moves() {
  bool hands_over = sending_ == Sending::handed_over && connection_->writes_on;  // and has a time-out of its own
  return std::exchange(moved_, hands_over) || hands_over;
}

std::unexpected<Fault> Http1ClientExchange::write_failed(Channel::WriteState state) {
  if (sending_ == Sending::streaming) sending_ = Sending::failed;
  if (broken_off_ == BrokenOff::deadline)
    return fail("WriteTimeout", 504, "The deadline of the request has passed while it was being sent.");
  if (broken_off_ != BrokenOff::no) return fail("Cancelled", 499, "The request was cancelled.");
  if (answer_begun_) return fail("AnsweredEarly", 502, "The response began, and the rest of the request is not wanted.");
  if (state == Channel::WriteState::timed_out) return fail("WriteTimeout", 504, "The server took nothing of the request for too long.");
  return fail("NoResponse", 502, "The connection was closed while the request was being sent.");
}

Task<Result<void>> Http1ClientExchange::send_part(std::array<std::string_view, 3> parts) {
  Channel& channel = connection_->channel;
  if (phase_ == Phase::head && !receiving_) channel.watch(*this);
  Channel::WriteAwaiter written = channel.write(parts, pool_.options().write_timeout);
  if (!co_await written) co_return write_failed(written.state);
  moved_ = true;
  co_return {};
}

Task<Result<void>> Http1ClientExchange::write(std::string_view bytes) {
  if (sending_ != Sending::streaming || phase_ == Phase::complete || !connection_) co_return write_failed(Channel::WriteState::failed);
  if (bytes.empty()) co_return {};
  if (request_framing_.body == RequestFraming::Body::chunked) {
    std::string& scratch = connection_->scratch;
    scratch.clear();
    fmt::format_to(std::back_inserter(scratch), "{:x}\r\n", bytes.size());
    co_return co_await keep(send_part({scratch, bytes, "\r\n"}));
  }
  if (bytes.size() > unwritten_) co_return give_up("InvalidRequest", 400, "More was written than the length of the request's body.");
  unwritten_ -= bytes.size();
  co_return co_await keep(send_part({bytes}));
}

Task<Result<void>> Http1ClientExchange::finish(Headers trailers) {
  if (sending_ != Sending::streaming || phase_ == Phase::complete || !connection_) co_return write_failed(Channel::WriteState::failed);
  if (request_framing_.body == RequestFraming::Body::chunked) {
    std::string& scratch = connection_->scratch = "0\r\n";
    for (const Header& trailer : trailers) append_field(scratch, trailer.name, trailer.value);
    scratch += "\r\n";
    co_await send_part({scratch});
  } else if (unwritten_ > 0) {
    co_return give_up("InvalidRequest", 400, "Less was written than the length of the request's body.");
  }
  if (sending_ == Sending::streaming) sending_ = Sending::sent;
  co_return {};
}

// While the request is being written and nobody reads: the server may have enough of it.
void Http1ClientExchange::bytes_came() {
  ParseState state = take_head();
  if (state == ParseState::needs_more) return connection_->channel.watch(*this);
  (void)head_is(state);
}

void Http1ClientExchange::peer_gone() { connection_->channel.cancel_write(); }

// Takes what has come of the head, and the interim ones before it.
ParseState Http1ClientExchange::take_head() {
  Channel& channel = connection_->channel;
  while (!channel.buffered().empty()) {
    answer_begun_ = true;
    size_t taken = 0;
    ParseState state = parser_.feed(channel.buffered(), head_, taken);
    channel.consume(taken);
    if (state != ParseState::complete || head_.status >= 200) return state;
    if (++interim_ > limits::interim_responses_max) return parser_.refuse("There are too many interim responses.");
    got_continue_ |= head_.status == 100;
    parser_.reset();
  }
  return ParseState::needs_more;
}

// What follows from a head that is there, or is none. Resumes a writer whose bytes are not wanted, last of all.
Result<void> Http1ClientExchange::head_is(ParseState state) {
  if (state == ParseState::refused) {
    bool wrote = sending_ == Sending::streaming;
    Result<void> fault = give_up(parser_.is_too_large() ? "ResponseTooLarge" : "MalformedResponse", 502, std::string(parser_.refusal()));
    if (wrote) connection_->channel.cancel_write();
    return fault;
  }
  phase_ = Phase::body;
  framing_ = parser_.framing(head_.status, method_);
  left_ = framing_.length;
  bool unwanted = head_.status >= first_error_status && !request_is_sent();
  if (framing_.kind == BodyFraming::Kind::none) complete();
  if (!unwanted || !connection_) return {};
  framing_.keep_alive = false;
  if (sending_ == Sending::streaming) sending_ = Sending::abandoned;
  connection_->channel.cancel_write();
  return {};
}

Task<Result<void>> Http1ClientExchange::receive() {
  if (phase_ == Phase::broken) co_return fail(fault_);
  if (phase_ != Phase::head) co_return {};
  Channel& channel = connection_->channel;
  SteadyTime due = channel.now() + response_timeout_;
  receiving_ = true;
  for (;;) {
    ParseState state = take_head();
    if (state != ParseState::needs_more) {
      receiving_ = false;
      co_return head_is(state);
    }
    Channel::End end = co_await channel.fill(pool_.options().head_bytes_max + limits::idle_buffer_bytes, due);
    if (end == Channel::End::timed_out && request_moves()) {
      due = channel.now() + response_timeout_;
      continue;
    }
    co_await judge(end);
  }
}

std::optional<uint64_t> Http1ClientExchange::content_length() const {
  if (framing_.kind == BodyFraming::Kind::length) return framing_.length;
  if (framing_.kind == BodyFraming::Kind::none) return 0;
  return std::nullopt;
}

// The connection is free for others when both messages are at their ends.
void Http1ClientExchange::complete() {
  phase_ = Phase::complete;
  deadline_.stop();
  on_stop_.forget();
  if (!request_is_sent()) return connection_->channel.close();  // somebody may still be writing
  ClientConnection& connection = *std::exchange(connection_, nullptr);
  if (framing_.keep_alive) return pool_.release(connection);
  pool_.discard(connection);
}

// Takes what has come of the body.
Result<void> Http1ClientExchange::take_part(std::string& part, size_t bytes_max) {
  Channel& channel = connection_->channel;
  std::string_view buffered = channel.buffered();
  if (buffered.empty()) return {};
  if (framing_.kind == BodyFraming::Kind::chunked) {
    size_t taken = 0;
    ParseState state = decoder_.feed(buffered, part, bytes_max, taken);
    channel.consume(taken);
    if (state == ParseState::refused) return give_up("MalformedResponse", 502, std::string(decoder_.refusal().reason));
    if (state == ParseState::complete) complete();
    return {};
  }
  size_t bytes = std::min(buffered.size(), bytes_max);
  if (framing_.kind == BodyFraming::Kind::length) bytes = size_t(std::min<uint64_t>(bytes, left_));
  part.append(buffered.substr(0, bytes));
  channel.consume(bytes);
  if (framing_.kind == BodyFraming::Kind::length && (left_ -= bytes) == 0) complete();
  return {};
}

Task<Result<std::optional<std::string>>> Http1ClientExchange::read_some() {
  if (phase_ == Phase::complete) co_return std::nullopt;
  if (phase_ == Phase::broken) co_return fail(fault_);
  check(phase_ == Phase::body, "a body is read before its head");
  std::string part;
  for (;;) {
    co_await take_part(part, limits::read_part_bytes_max);
    if (!part.empty()) co_return part;
    if (phase_ == Phase::complete) co_return std::nullopt;
    Channel& channel = connection_->channel;
    Channel::End end = co_await channel.fill(limits::read_part_bytes_max, channel.now() + read_timeout_);
    if (end == Channel::End::end_of_stream && framing_.kind == BodyFraming::Kind::until_close) {
      complete();
      co_return std::nullopt;
    }
    co_await judge(end);
  }
}

Task<Result<std::string>> Http1ClientExchange::read_whole(size_t limit) {
  auto too_large = [&] { return give_up("ResponseTooLarge", 502, fmt::format("The response is larger than {} bytes.", limit)); };
  if (phase_ == Phase::body && framing_.kind == BodyFraming::Kind::length) {
    if (left_ > limit) co_return too_large();
    co_return co_await keep(read_declared());
  }
  std::string body;
  for (;;) {
    std::optional<std::string> part = co_await read_some();
    if (!part) co_return body;
    if (part->size() > limit - body.size()) co_return too_large();
    if (body.empty()) {
      body = std::move(*part);
    } else {
      body += *part;
    }
  }
}

Task<Result<std::string>> Http1ClientExchange::read_declared() {
  std::string body;
  body.reserve(size_t(left_));
  co_await take_part(body, body.capacity());
  if (phase_ == Phase::complete) co_return body;
  Channel& channel = connection_->channel;
  size_t received = body.size();
  body.resize(received + size_t(left_));
  while (left_ > 0) {
    co_await judge(co_await channel.read_into(std::span(body).subspan(received), channel.now() + read_timeout_));
    received += channel.bytes_read();
    left_ -= channel.bytes_read();
  }
  complete();
  co_return body;
}

}  // namespace outcrop::net
