#include "net/http2/exchange.h"

#include "base/check.h"
#include "base/encoding.h"
#include "net/http1/format.h"

namespace outcrop::net {

namespace {

std::unexpected<Fault> peer_has_gone() { return fail("ConnectionClosed", 499, "The peer has gone."); }

HeadLimits head_limits(const ServerOptions& options) {
  return {options.request_line_bytes_max, options.head_bytes_max, options.fields_max};
}

}  // namespace

Http2Exchange::Http2Exchange(Http2Link& link, int32_t id, const Peer& peer, bool tls)
    : Answer(link.home.answers()),
      link_(link),
      id_(id),
      reader_(head_limits(link.home.options())),
      memory_(link.home.budget()),
      body_(link, id),
      wait_(link) {
  head_.http_major = 2;
  head_.http_minor = 0;
  head_.peer = peer;
  head_.tls = tls;
}

Http2Exchange::~Http2Exchange() {
  if (open_) link_.session.forget(id_);
  release_body_budget();
}

void Http2Exchange::release_body_budget() { memory_.release(); }

// Of the head, and behind the body of the trailers.
bool Http2Exchange::field(std::string_view name, std::string_view value) {
  if (!head_complete_) {
    reader_.field(name, value, head_);
    return !reader_.is_attack();
  }
  trailer_bytes_ += name.size() + value.size() + limits::field_overhead_bytes;
  if (trailer_bytes_ > limits::trailer_bytes_max || trailers_.size() == limits::fields_max) {
    reset(Http2Session::Code::enhance_your_calm);
    return trailer_bytes_ <= limits::trailer_bytes_max * limits::header_list_excess_max;
  }
  trailers_.add(std::string(name), std::string(value));
  return true;
}

void Http2Exchange::head_ended() {
  head_complete_ = true;
  reader_.end(head_);
  body_.declare(reader_.content_length(), reader_.expects_continue());
  link_.request_arrived();
}

void Http2Exchange::peer_left() {
  body_.end(Http2Body::State::cut_off);
  stop();
}

void Http2Exchange::lost() {
  if (std::exchange(gone_, true)) return;
  release();
  body_.end(Http2Body::State::abandoned);
  wait_.wake();
  stop();
}

bool Http2Exchange::closed() {
  open_ = false;
  if (end_taken_ || answer_ == State::broken) return false;
  lost();
  return true;
}

void Http2Exchange::reset(Http2Session::Code code) {
  if (std::exchange(open_, false)) {
    link_.session.reset(id_, code);
    link_.session.forget(id_);
  }
  lost();
}

bool Http2Exchange::has_body(int status) const { return status_has_body(status) && head_.method != "HEAD"; }

void Http2Exchange::begin_answer(const ResponseHead& head, std::optional<uint64_t> length, bool has_body) {
  check(answer_ == State::none, "an exchange was answered twice");
  body_.answer_has_begun();
  answer_ = State::streaming;
  streams_body_ = has_body;
  last_ = !has_body;
  unsent_ = true;
  if (!status_has_body(head.status)) length.reset();
  if (open_) link_.session.answer(id_, {head.status, head.headers, link_.home.date(), length, has_body});
  if (ascii_equal_ignoring_case(head.headers.get("connection"), "close")) link_.wind_down();
}

Task<Result<void>> Http2Exchange::respond(ResponseHead head, std::string body) {
  begin_answer(head, body.size(), has_body(head.status) && !body.empty());
  if (streams_body_) queue(body, true);
  answer_ = State::finished;
  co_return co_await keep(sent());
}

Task<Result<void>> Http2Exchange::start(ResponseHead head, std::optional<uint64_t> length) {
  begin_answer(head, length, has_body(head.status));
  if (streams_body_) unwritten_ = length;
  co_return co_await keep(sent());
}

Task<Result<void>> Http2Exchange::write(std::string_view bytes) {
  if (answer_ == State::broken) co_return peer_has_gone();
  check(answer_ == State::streaming, "bytes were written to an answer that has not started, or has ended");
  if (gone_) co_return peer_has_gone();
  if (bytes.empty() || !streams_body_) co_return {};
  if (unwritten_) {
    if (bytes.size() > *unwritten_) co_return break_off("more bytes were written than the answer's length");
    *unwritten_ -= bytes.size();
  }
  queue(bytes, false);
  co_return co_await keep(sent());
}

Task<Result<void>> Http2Exchange::finish(Headers trailers) {
  if (answer_ == State::broken) co_return peer_has_gone();
  check(answer_ == State::streaming, "an answer was finished that has not started, or has ended");
  if (unwritten_.value_or(0) > 0) co_return break_off("fewer bytes were written than the answer's length");
  answer_ = State::finished;
  if (!streams_body_) co_return {};
  answer_trailers_ = std::move(trailers);
  queue({}, true);
  co_return co_await keep(sent());
}

void Http2Exchange::queue(std::string_view bytes, bool last) {
  pending_ = bytes;
  last_ = last;
  unsent_ = true;
  if (open_ && head_taken_) link_.session.more_to_send(id_);
}

// Waits until what was queued is on the socket: as fast as the peer gives back the stream's window, and others leave
// room on the connection.
Task<Result<void>> Http2Exchange::sent() {
  link_.flush();
  if (unsent_) hold(pending_.size());
  while (unsent_ && !gone_) {
    if (!co_await wait_.until(link_.now() + link_.home.options().write_timeout)) {
      reset(Http2Session::Code::cancel);
      link_.flush();
    }
  }
  release();
  pending_ = {};
  if (!gone_ || !unsent_) co_return {};
  answer_ = State::broken;
  co_return peer_has_gone();
}

Http2Session::Stream::Portion Http2Exchange::next_portion(size_t bytes_max) {
  size_t bytes = std::min(pending_.size(), bytes_max);
  bool last = last_ && bytes == pending_.size();
  return {bytes, last, last && answer_trailers_.size() > 0 ? &answer_trailers_ : nullptr};
}

void Http2Exchange::take(std::string& out, size_t bytes) {
  out.append(pending_.substr(0, bytes));
  pending_.remove_prefix(bytes);
}

void Http2Exchange::frame_taken(bool last) {
  head_taken_ = true;
  end_taken_ |= last;
  progressed_ = true;
}

void Http2Exchange::flushed() {
  if (!unsent_) return;
  if (head_taken_ && pending_.empty() && (!last_ || end_taken_)) {
    unsent_ = false;
    wait_.wake();
  } else if (std::exchange(progressed_, false) && wait_.is_waiting()) {
    wait_.postpone(link_.now() + link_.home.options().write_timeout);
  }
}

// The peer must not take what it has for the whole answer.
Result<void> Http2Exchange::break_off(std::string_view why) {
  abort();
  return fail("InternalFailure", 500, std::string(why));
}

void Http2Exchange::abort() {
  answer_ = State::broken;
  reset(Http2Session::Code::internal_error);
  link_.flush();
}

Task<void> Http2Exchange::refuse() {
  (void)co_await respond({refusal().status, {{"content-type", "text/plain"}}}, fmt::format("{}\n", refusal().reason));
}

Task<void> Http2Exchange::end() {
  if (answer_ == State::none) (void)co_await respond({500, {{"content-type", "text/plain"}}}, "The request was not answered.\n");
  if (answer_ == State::streaming) abort();
  if (!open_ || gone_) co_return;
  // RFC 9113 section 8.1: the answer is whole, and the rest of the request is not wanted.
  link_.session.reset(id_, Http2Session::Code::no_error);
  link_.flush();
}

}  // namespace outcrop::net
