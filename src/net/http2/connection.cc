#include "net/http2/connection.h"

#include "base/check.h"
#include "base/log.h"

namespace outcrop::net {

Http2Connection::Http2Connection(ServerLoop& home, Channel& channel, Peer peer, bool tls)
    : Connection(home),
      Http2Link(home, session_),
      home_(home),
      channel_(channel),
      peer_(std::move(peer)),
      tls_(tls),
      session_(*this, Http2HeadReader::list_bytes_max(
                          {home.options().request_line_bytes_max, home.options().head_bytes_max, home.options().fields_max})),
      idle_since_(channel.now()),
      deadline_(home.loop(), [](void* self) { static_cast<Http2Connection*>(self)->deadline_passed(); }, this) {}

Task<void> Http2Connection::run() {
  pumping_.spawn(pump());
  if (home_.draining()) wind_down();
  Channel::End end = co_await receive();
  input_ended_ = true;
  deadline_.stop();
  incoming_.reset();
  if (end == Channel::End::closed) {
    lose();
  } else {
    for (Http2Exchange* exchange : std::vector(exchanges_)) exchange->peer_left();
    resume_ready();
  }
  co_await handlers_.join();
  pump_ends_ = true;
  wake_pump(true);
  co_await pumping_.join();
}

Task<Channel::End> Http2Connection::receive() {
  for (;;) {
    if (!channel_.buffered().empty()) take_input();
    Channel::End end = co_await channel_.fill(limits::read_part_bytes_max, SteadyTime::max());
    if (end != Channel::End::bytes) co_return end;
  }
}

// Requests that came together are all begun before anything is written, so that what they answer at once leaves together.
void Http2Connection::take_input() {
  busy_ = true;
  if (!input_ended_) session_.receive(channel_.buffered());
  channel_.consume(channel_.buffered().size());
  begin_exchanges();
  resume_ready();
  busy_ = false;
  set_deadline();
  wake_pump(true);
}

Http2Session::Stream* Http2Connection::stream_began(int32_t id) {
  incoming_.reset();
  if (exchanges_.size() + arrived_.size() >= limits::streams_max) return nullptr;  // handlers of reset streams among them
  Http2Link& link = *this;
  incoming_ = std::make_unique<Http2Exchange>(link, id, peer_, tls_);
  head_began_ = now();
  return incoming_.get();
}

void Http2Connection::begin_exchanges() {
  for (auto& exchange : arrived_) {
    if (!exchange->is_open()) continue;  // reset in the same breath
    exchanges_.push_back(exchange.get());
    handlers_.spawn(serve(std::move(exchange)));
  }
  arrived_.clear();
}

Task<void> Http2Connection::serve(std::unique_ptr<Http2Exchange> exchange) {
  if (exchange->refusal().status != 0) {
    co_await exchange->refuse();
  } else {
    home_.requests.store(home_.requests.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    try {
      co_await home_.handler().serve(*exchange);
    } catch (const std::exception& problem) {
      const RequestHead& head = exchange->head();
      log::error("a handler failed", {{"method", head.method}, {"path", head.path}, {"problem", problem.what()}});
    }
    check(home_.loop().is_current(), "a handler ended on another thread than its connection's");
  }
  co_await exchange->end();
  std::erase(exchanges_, exchange.get());
  exchange.reset();
  exchange_ended();
}

void Http2Connection::exchange_ended() {
  has_served_ = true;
  idle_since_ = now();
  if (!home_.keeps_connections()) wind_down();
  if (busy_) return;
  set_deadline();
  flush();
}

void Http2Connection::resume_ready() {
  while (!ready_.empty()) {
    for (auto waiting : std::exchange(ready_, {})) waiting.resume();
  }
}

// What is given back at once could come again: so much of it is only allowed while others are to be let through.
void Http2Connection::bytes_kept(size_t bytes) {
  unread_bytes_ += bytes;
  home_.unread_bytes += bytes;
  if (unread_bytes_ <= limits::connection_unread_bytes_max && home_.unread_bytes <= limits::loop_unread_bytes_max) {
    session_.give_back_connection(bytes);
  } else {
    withheld_bytes_ += bytes;
  }
}

void Http2Connection::bytes_released(size_t bytes) {
  unread_bytes_ -= bytes;
  home_.unread_bytes -= bytes;
  size_t back = std::min(bytes, withheld_bytes_);
  if (back == 0) return;
  withheld_bytes_ -= back;
  session_.give_back_connection(back);
}

struct Http2Connection::PumpAwaiter {
  Http2Connection& connection;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) noexcept { connection.pump_ = self; }
  void await_resume() const noexcept {}
};

Task<void> Http2Connection::pump() {
  while (!pump_ends_) {
    pump_wanted_ = false;
    out_.clear();
    bool usable = session_.collect(out_, limits::write_bytes_max);
    if (usable && !out_.empty()) usable = co_await channel_.write({out_}, home_.options().write_timeout);
    for (Http2Exchange* exchange : exchanges_) exchange->flushed();
    resume_ready();
    if (!usable) {
      channel_.close();
      lose();
      co_return;
    }
    if (!out_.empty()) continue;
    if (session_.ended()) linger();
    if (is_idle()) std::string().swap(out_);
    if (pump_wanted_) continue;
    co_await PumpAwaiter{*this};
    // Answers of several exchanges that are ready now leave together.
    if (!std::exchange(pump_at_once_, false) && exchanges_.size() > 1) co_await home_.loop().yield();
  }
}

void Http2Connection::wake_pump(bool at_once) {
  pump_wanted_ = true;
  if (!pump_) return;
  pump_at_once_ = at_once;
  std::exchange(pump_, {}).resume();
}

void Http2Connection::flush() {
  if (!busy_ && session_.wants_to_write()) wake_pump(false);
}

// Everything is said. Closing with unread bytes would make the kernel send a reset, which can overtake what was written.
void Http2Connection::linger() {
  if (std::exchange(input_ended_, true)) return;
  lose();
  channel_.shut_down_writing();
  deadline_.set(now() + home_.options().linger_timeout);
}

void Http2Connection::lose() {
  for (Http2Exchange* exchange : std::vector(exchanges_)) exchange->lost();
  resume_ready();
}

Connection::Idle Http2Connection::idle() const {
  if (!is_idle()) return Idle::no;
  return has_served_ ? Idle::kept : Idle::fresh;
}

void Http2Connection::wind_down() {
  if (std::exchange(winding_down_, true)) return;
  session_.announce_end();
  flush();
}

// Nothing that the peer sent before it knew is still on its way.
void Http2Connection::ping_answered() {
  if (!winding_down_ || std::exchange(peer_knows_, true)) return;
  session_.end_streams();
}

void Http2Connection::drain() { is_idle() ? close() : wind_down(); }

void Http2Connection::stop() {
  for (Http2Exchange* exchange : std::vector(exchanges_)) exchange->stop();
}

void Http2Connection::close() {
  if (is_idle()) {
    session_.terminate(Http2Session::Code::no_error);
    wake_pump(true);
  }
  channel_.close();
}

void Http2Connection::set_deadline() {
  if (input_ended_) return;
  if (incoming_ && !incoming_->is_open()) incoming_.reset();
  const ServerOptions& options = home_.options();
  if (incoming_) {
    deadline_.set(head_began_ + options.head_timeout);
  } else if (exchanges_.empty()) {
    deadline_.set(idle_since_ + (has_served_ ? options.idle_timeout : options.head_timeout));
  } else {
    deadline_.clear();
  }
}

void Http2Connection::deadline_passed() {
  if (input_ended_) return channel_.close();
  incoming_.reset();
  session_.terminate(Http2Session::Code::no_error);
  wake_pump(true);
}

}  // namespace outcrop::net
