#include "net/http1/exchange.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/encoding.h"

namespace outcrop::net {

namespace {

constexpr size_t usual_head_bytes = 400;

std::unexpected<Fault> connection_closed() { return fail("ConnectionClosed", 499, "The peer has gone."); }

}  // namespace

Http1Exchange::Http1Exchange(ServerLoop& home, Channel& channel, RequestHead& head, const Framing& framing)
    : Answer(home.answers()),
      home_(home),
      channel_(channel),
      head_(head),
      keep_alive_(framing.keep_alive),
      wants_upgrade_(framing.wants_upgrade && head.http_minor > 0),
      is_head_(head.method == "HEAD"),
      memory_(home.budget()),
      body_(home, channel, framing, *this) {}

Http1Exchange::~Http1Exchange() {
  channel_.stop_watching();
  release_body_budget();
}

Task<Result<std::string>> Http1Exchange::read_body(size_t limit) {
  if (body_.complete()) co_return std::string();
  co_return co_await keep(body_.read_whole(limit, memory_, stop_token()));
}

void Http1Exchange::release_body_budget() { memory_.release(); }

// Writes the head to the scratch string. `whole`: nothing more of the request will be read by the handler, so it
// is known whether the connection can go on.
void Http1Exchange::begin_answer(const ResponseHead& head, ResponseFraming framing, bool whole) {
  check(answer_ == State::none, "an exchange was answered twice");
  body_.answer_has_begun();
  bool stuck = body_.broken() || (whole && !body_.complete() && !body_.worth_draining());
  bool unwanted = ascii_equal_ignoring_case(head.headers.get("connection"), "close");
  bool endless = framing.body == ResponseFraming::Body::until_close && !is_head_;
  if (stuck || unwanted || endless || !home_.keeps_connections()) keep_alive_ = false;
  if (!keep_alive_) framing.connection = ResponseFraming::Connection::close;
  if (keep_alive_ && head_.http_minor == 0) framing.connection = ResponseFraming::Connection::keep_alive;
  framing_ = is_head_ ? ResponseFraming::Body::none : framing.body;
  scratch_.reserve(usual_head_bytes);
  append_response_head(scratch_, head, framing, home_.date());
}

Task<Result<void>> Http1Exchange::send(std::array<std::string_view, 3> parts, State next) {
  hold(parts[0].size() + parts[1].size() + parts[2].size());
  bool sent = co_await channel_.write(parts, home_.options().write_timeout);
  release();
  answer_ = sent ? next : State::broken;
  if (!sent) co_return connection_closed();
  co_return {};
}

Task<Result<void>> Http1Exchange::respond(ResponseHead head, std::string body) {
  if (answer_ == State::broken) co_return connection_closed();
  bool has_body = status_has_body(head.status);
  ResponseFraming framing;
  if (has_body) framing = {ResponseFraming::Body::length, body.size()};
  begin_answer(head, framing, true);
  co_return co_await keep(send({scratch_, has_body && !is_head_ ? std::string_view(body) : std::string_view()}, State::finished));
}

Task<Result<void>> Http1Exchange::start(ResponseHead head, std::optional<uint64_t> length) {
  ResponseFraming framing;
  if (status_has_body(head.status)) {
    framing.body = length                  ? ResponseFraming::Body::length
                   : head_.http_minor == 0 ? ResponseFraming::Body::until_close
                                           : ResponseFraming::Body::chunked;
    framing.length = unwritten_ = length.value_or(0);
  }
  begin_answer(head, framing, false);
  co_return co_await keep(send({scratch_}, State::streaming));
}

Task<Result<void>> Http1Exchange::write(std::string_view bytes) {
  if (answer_ == State::broken) co_return connection_closed();
  check(answer_ == State::streaming, "bytes were written to an answer that has not started, or has ended");
  if (bytes.empty() || framing_ == ResponseFraming::Body::none) co_return {};
  if (framing_ == ResponseFraming::Body::chunked) {
    scratch_.clear();
    fmt::format_to(std::back_inserter(scratch_), "{:x}\r\n", bytes.size());
    co_return co_await keep(send({scratch_, bytes, "\r\n"}, State::streaming));
  }
  if (framing_ == ResponseFraming::Body::length) {
    if (bytes.size() > unwritten_) co_return break_off("more bytes were written than the answer's length");
    unwritten_ -= bytes.size();
  }
  co_return co_await keep(send({bytes}, State::streaming));
}

Task<Result<void>> Http1Exchange::finish(Headers trailers) {
  if (answer_ == State::broken) co_return connection_closed();
  check(answer_ == State::streaming, "an answer was finished that has not started, or has ended");
  if (framing_ == ResponseFraming::Body::length && unwritten_ > 0) co_return break_off("fewer bytes were written than the answer's length");
  answer_ = State::finished;
  if (framing_ != ResponseFraming::Body::chunked) co_return {};
  scratch_ = "0\r\n";
  for (const Header& trailer : trailers) append_field(scratch_, trailer.name, trailer.value);
  scratch_ += "\r\n";
  co_return co_await keep(send({scratch_}, State::finished));
}

Task<Result<Channel*>> Http1Exchange::upgrade(Headers headers) {
  if (!wants_upgrade_ || !body_.complete()) {
    co_return fail("UpgradeImpossible", 400, "The request does not ask for another protocol, or has a body.");
  }
  check(answer_ == State::none, "an exchange was answered twice");
  ResponseFraming framing{.connection = ResponseFraming::Connection::upgrade};
  append_response_head(scratch_, {101, std::move(headers)}, framing, home_.date());
  channel_.stop_watching();
  co_await send({scratch_}, State::upgraded);
  std::string().swap(scratch_);
  head_.headers = {};
  if (home_.draining()) stop();
  co_return &channel_;
}

// The peer must not take what it has for the whole answer.
Result<void> Http1Exchange::break_off(std::string_view why) {
  abort();
  return fail("InternalFailure", 500, std::string(why));
}

void Http1Exchange::abort() {
  answer_ = State::broken;
  channel_.close(true);
}

Task<Http1Exchange::Next> Http1Exchange::end() {
  if (answer_ == State::none) (void)co_await respond({500, {{"content-type", "text/plain"}}}, "The request was not answered.\n");
  if (answer_ == State::streaming) abort();
  if (answer_ == State::broken) co_return Next::close;
  if (answer_ == State::upgraded) co_return Next::linger;
  release_body_budget();
  if (!body_.complete() && body_.worth_draining()) co_await body_.drain();
  if (!body_.complete()) co_return Next::linger;
  if (keep_alive_ && home_.keeps_connections()) co_return Next::another_request;
  co_return channel_.buffered().empty() ? Next::close : Next::linger;
}

}  // namespace outcrop::net
