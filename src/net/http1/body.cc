#include "net/http1/body.h"

#include <algorithm>
#include <cstring>

namespace outcrop::net {

namespace {

// What is added is not initialised.
void lengthen(std::string& text, size_t bytes) {
  // libstdc++ 12 hands the callback its capacity (30 when 16 were asked for) instead of the size that was asked for.
  text.resize_and_overwrite(bytes, [bytes](char*, size_t) { return bytes; });
}

}  // namespace

Http1Body::Http1Body(ServerLoop& home, Channel& channel, const Framing& framing, Channel::Watcher& watcher)
    : home_(home),
      channel_(channel),
      watcher_(watcher),
      length_(framing.content_length),
      chunked_(framing.chunked),
      continue_(framing.expects_continue ? Continue::owed : Continue::none),
      left_(framing.content_length.value_or(0)),
      patience_(home.options()) {
  if (!chunked_ && left_ == 0) ended();
}

void Http1Body::ended() {
  state_ = State::complete;
  channel_.watch(watcher_);
}

std::unexpected<Fault> Http1Body::give_up(std::string code, int status, std::string message) {
  state_ = State::broken;
  return fail(std::move(code), status, std::move(message));
}

bool Http1Body::worth_draining() const {
  bool on_its_way = continue_ == Continue::none || continue_ == Continue::sent;
  return state_ == State::open && !chunked_ && left_ <= limits::drain_bytes_max && on_its_way;
}

Task<bool> Http1Body::drain() {
  while (state_ == State::open) (void)co_await read_some();
  co_return complete();
}

Task<Result<void>> Http1Body::begin() {
  if (state_ == State::broken) co_return fail("IncompleteBody", 400, "The body cannot be read any more.");
  if (continue_ != Continue::owed) co_return {};
  continue_ = Continue::sent;
  if (!channel_.buffered().empty()) co_return {};  // it did not wait
  bool sent = co_await channel_.write({"HTTP/1.1 100 Continue\r\n\r\n"}, home_.options().write_timeout);
  if (!sent) co_return give_up("ConnectionClosed", 499, "The peer has gone.");
  co_return {};
}

// Judges how a read ended, and charges the time it waited.
Result<void> Http1Body::received(Channel::End end, SteadyTime began) {
  switch (end) {
    case Channel::End::timed_out:
      return give_up("RequestTimeout", 408, "The body did not arrive in time.");
    case Channel::End::end_of_stream:
      return give_up("IncompleteBody", 400, "The peer ended the body before its end.");
    case Channel::End::closed:
      return give_up("ConnectionClosed", 499, "The peer has gone.");
    case Channel::End::bytes:
      break;
  }
  patience_.charge(channel_.now() - began, channel_.bytes_read());
  return {};
}

Task<Result<void>> Http1Body::fill() {
  SteadyTime began = channel_.now();
  Channel::End end = co_await channel_.fill(limits::read_part_bytes_max, patience_.end_of_wait(began));
  co_return received(end, began);
}

Task<Result<std::optional<std::string>>> Http1Body::read_some() {
  if (complete()) co_return std::nullopt;
  co_await begin();
  if (chunked_) co_return co_await keep(decode_part());
  co_return co_await keep(read_part());
}

Task<Result<std::optional<std::string>>> Http1Body::read_part() {
  std::string part;
  if (std::string_view buffered = channel_.buffered(); !buffered.empty()) {
    part = buffered.substr(0, size_t(std::min<uint64_t>(left_, buffered.size())));
    channel_.consume(part.size());
  } else {
    lengthen(part, size_t(std::min<uint64_t>(left_, part_bytes_)));
    SteadyTime began = channel_.now();
    Channel::End end = co_await channel_.read_into(part, patience_.end_of_wait(began));
    co_await received(end, began);
    size_t bytes = channel_.bytes_read();
    if (bytes == part_bytes_) part_bytes_ = std::min(part_bytes_ * 2, limits::read_part_bytes_max);
    if (bytes < part_bytes_ / 2) part_bytes_ = std::max(part_bytes_ / 2, limits::idle_buffer_bytes);
    part.resize(bytes);
    if (bytes < part.capacity() / 2) part.shrink_to_fit();
  }
  left_ -= part.size();
  if (left_ == 0) ended();
  co_return part;
}

Task<Result<std::optional<std::string>>> Http1Body::decode_part() {
  std::string part;
  for (;;) {
    size_t taken = 0;
    ParseState state = decoder_.feed(channel_.buffered(), part, limits::read_part_bytes_max, taken);
    channel_.consume(taken);
    if (state == ParseState::refused) co_return give_up("BadRequest", decoder_.refusal().status, std::string(decoder_.refusal().reason));
    if (state == ParseState::complete) ended();
    if (!part.empty()) co_return part;
    if (complete()) co_return std::nullopt;
    co_await fill();
  }
}

Task<Result<std::string>> Http1Body::read_whole(size_t limit, BodyBudget::Reservation& memory, std::stop_token stop) {
  if (complete()) co_return std::string();
  if (left_ > limit) co_return fail("RequestEntityTooLarge", 413, fmt::format("The body is larger than {} bytes.", limit));
  co_await begin();
  if (chunked_) co_return co_await keep(read_chunked(limit, memory, std::move(stop)));
  co_return co_await keep(read_declared(memory, std::move(stop)));
}

// Memory is taken as the bytes come: a peer that only announces them holds little.
Task<Result<std::string>> Http1Body::read_declared(BodyBudget::Reservation& memory, std::stop_token stop) {
  std::string body;
  for (size_t length = size_t(left_); body.size() < length;) {
    size_t begun = body.size(), room = std::min(std::max(begun * 2, limits::first_step_bytes), length);
    if (!memory.try_hold(room)) co_await memory.hold(room, home_.options().budget_timeout, stop);
    lengthen(body, room);
    co_await receive_all(std::span(body).subspan(begun));
  }
  left_ = 0;
  ended();
  co_return body;
}

Task<Result<void>> Http1Body::receive_all(std::span<char> into) {
  size_t buffered = std::min(channel_.buffered().size(), into.size());
  std::memcpy(into.data(), channel_.buffered().data(), buffered);
  channel_.consume(buffered);
  into = into.subspan(buffered);
  while (!into.empty()) {
    SteadyTime began = channel_.now();
    Channel::End end = co_await channel_.read_into(into, patience_.end_of_wait(began));
    co_await received(end, began);
    into = into.subspan(channel_.bytes_read());
  }
  co_return {};
}

Task<Result<std::string>> Http1Body::read_chunked(size_t limit, BodyBudget::Reservation& memory, std::stop_token stop) {
  std::string body;
  size_t room = 0;
  for (;;) {
    if (body.size() == room) {
      room = std::min(std::max(room * 2, limits::first_step_bytes), limit + 1);
      co_await memory.hold(room, home_.options().budget_timeout, stop);
      body.reserve(room);
    }
    size_t taken = 0;
    ParseState state = decoder_.feed(channel_.buffered(), body, room - body.size(), taken);
    channel_.consume(taken);
    if (body.size() > limit) co_return fail("RequestEntityTooLarge", 413, fmt::format("The body is larger than {} bytes.", limit));
    if (state == ParseState::refused) co_return give_up("BadRequest", decoder_.refusal().status, std::string(decoder_.refusal().reason));
    if (state == ParseState::complete) break;
    if (channel_.buffered().empty()) co_await fill();
  }
  ended();
  co_return body;
}

}  // namespace outcrop::net
