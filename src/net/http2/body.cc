#include "net/http2/body.h"

#include <algorithm>

namespace outcrop::net {

namespace {

std::unexpected<Fault> too_large(size_t limit) {
  return fail("RequestEntityTooLarge", 413, fmt::format("The body is larger than {} bytes.", limit));
}

}  // namespace

Http2Body::~Http2Body() { link_.bytes_released(unread_.size()); }

void Http2Body::declare(std::optional<uint64_t> length, bool expects_continue) {
  length_ = length;
  continue_owed_ = expects_continue;
}

void Http2Body::received(std::string_view bytes) {
  if (wait_.is_waiting()) {
    const SteadyTime now = link_.now();
    patience_.charge(now - std::exchange(waits_since_, now), bytes.size());
    wait_.postpone(patience_.end_of_wait(now));
  }
  unread_.append(bytes);
  link_.bytes_kept(bytes.size());
  wait_.wake();
}

void Http2Body::end(State how) {
  if (state_ != State::open) return;
  state_ = how;
  wait_.wake();
}

std::string Http2Body::take() {
  std::string part = std::exchange(unread_, {});
  link_.bytes_released(part.size());
  if (state_ == State::open) {
    link_.session.give_back_stream(stream_, part.size());
    link_.flush();
  }
  return part;
}

Result<void> Http2Body::readable() const {
  switch (state_) {
    case State::cut_off:
      return fail("IncompleteBody", 400, "The peer ended the body before its end.");
    case State::abandoned:
      return fail("ConnectionClosed", 499, "The peer has gone.");
    case State::broken:
      return fail("IncompleteBody", 400, "The body cannot be read any more.");
    case State::open:
    case State::complete:
      break;
  }
  return {};
}

// For more of a body that is not complete.
Task<Result<void>> Http2Body::wait() {
  if (std::exchange(continue_owed_, false) && state_ == State::open) {
    link_.session.answer_continue(stream_);
    link_.flush();
  }
  co_await readable();
  waits_since_ = link_.now();
  if (!co_await wait_.until(patience_.end_of_wait(waits_since_))) {
    state_ = State::broken;
    co_return fail("RequestTimeout", 408, "The body did not arrive in time.");
  }
  co_return {};
}

Task<Result<std::optional<std::string>>> Http2Body::read_some() {
  while (unread_.empty()) {
    if (complete()) co_return std::nullopt;
    co_await wait();
  }
  co_return take();
}

// Memory is taken as the bytes come: a peer that only announces them holds little.
Task<Result<std::string>> Http2Body::read_whole(size_t limit, BodyBudget::Reservation& memory, std::stop_token stop) {
  if (length_.value_or(0) > limit) co_return too_large(limit);
  std::string body;
  for (size_t room = 0;;) {
    while (unread_.empty() && !complete()) co_await wait();
    if (unread_.empty()) co_return body;
    size_t bytes = body.size() + unread_.size();
    if (bytes > limit) co_return too_large(limit);
    if (bytes > room) {
      room = complete() ? bytes : std::max({room * 2, limits::first_step_bytes, bytes});
      if (length_) room = std::min(room, size_t(*length_));
      if (!memory.try_hold(room)) co_await memory.hold(room, link_.home.options().budget_timeout, stop);
      body.reserve(room);
      continue;  // more may have come meanwhile
    }
    if (body.empty() && complete()) co_return take();
    body.append(take());
  }
}

}  // namespace outcrop::net
