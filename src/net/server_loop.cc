#include "net/server_loop.h"

#include <malloc.h>

namespace outcrop::net {

namespace {
// Below this a burst leaves nothing worth a walk over the heap; and how long the next burst is waited for.
constexpr size_t trim_bytes_min = 8 * 1024 * 1024;
constexpr size_t trim_connections_min = 512;
constexpr Milliseconds trim_delay{1'000};
}  // namespace

Connection::Connection(ServerLoop& home) : home_(home), place_(home.connections_.insert(home.connections_.end(), this)) {
  home.connections_peak_ = std::max(home.connections_peak_, home.connections_.size());
}

Connection::~Connection() {
  home_.connections_.erase(place_);
  home_.connection_gone();
}

ServerLoop::ServerLoop(EventLoop& loop, BodyBudget& budget, Handler& handler, const ServerOptions& options,
                       const std::atomic<bool>& crowded)
    : loop_(loop),
      budget_(budget),
      answers_(loop, options.held_answer_bytes_max, options.pressed_write_timeout),
      handler_(handler),
      options_(options),
      crowded_(crowded),
      trim_(loop, [](void*) { malloc_trim(0); }, nullptr) {}

std::string_view ServerLoop::date() {
  SteadyTime now = loop_.now();
  if (now >= date_until_) {
    Instant wall = loop_.clock().real_wall();
    date_ = http_date(wall);
    date_until_ = now + (std::chrono::floor<Seconds>(wall) + Seconds(1) - wall);
  }
  return date_;
}

void ServerLoop::bodies_released() {
  if (budget_.bytes_held() == 0 && budget_.take_peak() >= trim_bytes_min) trim_soon();
}

void ServerLoop::connection_gone() {
  if (connections_.empty() && std::exchange(connections_peak_, 0) >= trim_connections_min) trim_soon();
}

void ServerLoop::trim_soon() {
  if (!draining_) trim_.set(loop_.now() + trim_delay);
}

// What is asked of a connection here takes effect in a later job, so the list stays as it is meanwhile.
void ServerLoop::close_kept(size_t connections_max) {
  for (Connection* connection : connections_) {
    if (connections_max == 0) return;
    if (connection->idle() != Connection::Idle::kept) continue;
    connection->close();
    --connections_max;
  }
}

void ServerLoop::drain() {
  draining_ = true;
  trim_.stop();
  for (Connection* connection : connections_) connection->drain();
}

void ServerLoop::stop() {
  for (Connection* connection : connections_) connection->stop();
}

void ServerLoop::close() {
  for (Connection* connection : connections_) connection->close();
}

}  // namespace outcrop::net
