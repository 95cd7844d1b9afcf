#include "net/server_loop.h"

namespace outcrop::net {

Connection::Connection(ServerLoop& home) : home_(home), place_(home.connections_.insert(home.connections_.end(), this)) {}

Connection::~Connection() { home_.connections_.erase(place_); }

ServerLoop::ServerLoop(EventLoop& loop, BodyBudget& budget, Handler& handler, const ServerOptions& options,
                       const std::atomic<bool>& crowded)
    : loop_(loop),
      budget_(budget),
      answers_(loop, options.held_answer_bytes_max, options.pressed_write_timeout),
      handler_(handler),
      options_(options),
      crowded_(crowded) {}

std::string_view ServerLoop::date() {
  SteadyTime now = loop_.now();
  if (now >= date_until_) {
    Instant wall = loop_.clock().real_wall();
    date_ = http_date(wall);
    date_until_ = now + (std::chrono::floor<Seconds>(wall) + Seconds(1) - wall);
  }
  return date_;
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
  for (Connection* connection : connections_) connection->drain();
}

void ServerLoop::stop() {
  for (Connection* connection : connections_) connection->stop();
}

void ServerLoop::close() {
  for (Connection* connection : connections_) connection->close();
}

}  // namespace outcrop::net
