// LiveConnections: the connections that are open on this server, and the farewells of those that have ended: $disconnect is carried out
// for each of them, after any end, and for those that an earlier server left.
#pragma once
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/task_group.h"
#include "gateway/connection/connection_records.h"
#include "gateway/connection/live_connection.h"
#include "gateway/connection/turnstile.h"

namespace outcrop::gateway {

class LiveConnections final : public Connections {
 public:
  // All must outlive it.
  LiveConnections(World& world, ConnectionEvents& events, Guards& guards)
      : world_(world), events_(events), guards_(guards), records_(world.store) {}

  // Looks what an earlier server left. Before connections are accepted.
  Task<Result<void>> start();
  // Says farewell to that, once the APIs' integrations can be reached; returns at once.
  void resume() { tasks_.spawn(part_from_left()); }
  // After the server's connections have ended, once: returns when everybody has been said farewell to. What has not begun at `due` is left
  // to the next server.
  Task<void> stop(SteadyTime due);

  Task<Result<Info>> get(std::string_view id) override;
  Task<Result<void>> post(std::string_view id, std::string data) override;
  Task<Result<void>> end(std::string_view id) override;

  // A connection that has been let in, on its loop: its record is kept. It is known from now on. converse() returns at its end.
  Task<void> converse(std::shared_ptr<const ConnectionContext> context, ConnectionSettings settings,
                      std::unique_ptr<net::WebSocket> socket);
  // One that $connect let in and that has ended since: goes on by itself.
  void part_from(std::shared_ptr<const ConnectionContext> context, net::CloseReason reason);

  ConnectionRecords& records() { return records_; }
  net::BodyBudget& unfinished_messages() { return unfinished_messages_; }
  size_t count() const;

  // A reset: the connections of an account, or all, end and nobody hears of it.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  struct Part {
    mutable std::mutex mutex;
    std::map<std::string, std::shared_ptr<LiveConnection>, std::less<>> connections;
  };

  Part& part_of(std::string_view id) { return parts_[std::hash<std::string_view>()(id) % parts_.size()]; }
  Result<std::shared_ptr<LiveConnection>> find(std::string_view id);
  Task<void> part_from_left();
  Task<void> farewell(std::shared_ptr<const ConnectionContext> context, net::CloseReason reason);
  Task<void> tell(std::shared_ptr<const ConnectionContext> context, net::CloseReason reason);
  Task<void> shut_at(SteadyTime due, std::stop_token stop);

  World& world_;
  ConnectionEvents& events_;
  Guards& guards_;
  ConnectionRecords records_;
  net::BodyBudget unfinished_messages_{world_.clock, limits::unfinished_bytes_max};
  std::array<Part, limits::registry_parts> parts_;
  std::vector<std::string> left_;  // ids, by an earlier server
  Turnstile farewells_{limits::farewells_under_way_max};
  TaskGroup tasks_;
};

}  // namespace outcrop::gateway
