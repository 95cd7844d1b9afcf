#include "gateway/connection/live_connections.h"

#include "base/log.h"

namespace outcrop::gateway {

namespace {

// Of connections that died with an earlier server.
net::CloseReason died_with_server() { return {net::close_code::abnormal, ""}; }

}  // namespace

Task<Result<void>> LiveConnections::start() {
  left_ = co_await records_.ids();
  co_return {};
}

Task<void> LiveConnections::part_from_left() {
  const std::vector<std::string> left = std::exchange(left_, {});
  if (!left.empty()) log::info("connections were left by an earlier server; their $disconnect follows", {{"connections", left.size()}});
  for (const std::string& id : left) {
    if (!co_await farewells_.enter()) co_return;
    auto found = co_await records_.find(id);
    if (found && *found) {
      tasks_.spawn(tell(std::make_shared<const ConnectionContext>(std::move(**found)), died_with_server()));
      continue;
    }
    farewells_.leave();
    if (!found) log::error("a connection that was left cannot be read", {{"connection", id}, {"reason", found.error().message}});
  }
}

void LiveConnections::part_from(std::shared_ptr<const ConnectionContext> context, net::CloseReason reason) {
  tasks_.spawn(farewell(std::move(context), std::move(reason)));
}

// Whoever is turned away has its record left, and the next server finds it.
Task<void> LiveConnections::farewell(std::shared_ptr<const ConnectionContext> context, net::CloseReason reason) {
  if (co_await farewells_.enter()) co_await tell(std::move(context), std::move(reason));
}

// By one who is in, and leaves.
Task<void> LiveConnections::tell(std::shared_ptr<const ConnectionContext> context, net::CloseReason reason) {
  bool is_told = false;
  try {
    is_told = co_await events_.disconnect(*context, reason);
  } catch (const std::exception& problem) {
    log::error("a $disconnect threw", {{"connection", context->id}, {"problem", problem.what()}});
  }
  farewells_.leave();
  if (!is_told) co_return;
  Result<void> erased = co_await records_.erase(context->id);
  if (!erased)
    log::error("the record of a connection that has ended stays", {{"connection", context->id}, {"reason", erased.error().message}});
}

Task<void> LiveConnections::stop(SteadyTime due) {
  TaskGroup bound;
  bound.spawn(shut_at(due, bound.stop_token()));
  co_await tasks_.join();
  bound.request_stop();
  co_await bound.join();
}

Task<void> LiveConnections::shut_at(SteadyTime due, std::stop_token stop) {
  co_await steady_until(due, stop);
  farewells_.shut();
}

Task<void> LiveConnections::converse(std::shared_ptr<const ConnectionContext> context, ConnectionSettings settings,
                                     std::unique_ptr<net::WebSocket> socket) {
  auto connection =
      std::make_shared<LiveConnection>(ConnectionParts{world_, events_, guards_, tasks_}, std::move(context), settings, std::move(socket));
  const std::string& id = connection->context()->id;
  {
    Part& part = part_of(id);
    std::lock_guard lock(part.mutex);
    part.connections.emplace(id, connection);
  }
  net::CloseReason reason = co_await connection->converse();
  {
    Part& part = part_of(id);
    std::lock_guard lock(part.mutex);
    part.connections.erase(id);
  }
  guards_.release(*connection->context());
  if (!connection->is_forgotten()) part_from(connection->context(), std::move(reason));
}

Result<std::shared_ptr<LiveConnection>> LiveConnections::find(std::string_view id) {
  Part& part = part_of(id);
  std::lock_guard lock(part.mutex);
  auto at = part.connections.find(id);
  if (at == part.connections.end()) return fail("GoneException", 410, "");
  return at->second;
}

Task<Result<Connections::Info>> LiveConnections::get(std::string_view id) {
  const std::shared_ptr<LiveConnection> connection = co_await find(id);
  Executor& home = *Executor::current();
  co_await connection->loop().enter();
  Result<Info> info = connection->info();
  co_await home.enter();
  co_return info;
}

Task<Result<void>> LiveConnections::post(std::string_view id, std::string data) {
  const std::shared_ptr<LiveConnection> connection = co_await find(id);
  Executor& home = *Executor::current();
  co_await connection->loop().enter();
  Result<void> posted = connection->post(std::move(data));
  co_await home.enter();
  co_return posted;
}

Task<Result<void>> LiveConnections::end(std::string_view id) {
  const std::shared_ptr<LiveConnection> connection = co_await find(id);
  Executor& home = *Executor::current();
  co_await connection->loop().enter();
  const bool is_open = connection->info().has_value();
  connection->end(net::close_code::normal, "Connection Closed Normally");
  co_await home.enter();
  if (!is_open) co_return fail("GoneException", 410, "");
  co_return {};
}

size_t LiveConnections::count() const {
  size_t count = 0;
  for (const Part& part : parts_) {
    std::lock_guard lock(part.mutex);
    count += part.connections.size();
  }
  return count;
}

Task<Result<void>> LiveConnections::forget(const std::optional<std::string>& account) {
  for (const Part& part : parts_) {
    std::lock_guard lock(part.mutex);
    for (const auto& [id, connection] : part.connections) {
      if (account && connection->context()->record.account != *account) continue;
      connection->loop().post([connection] { connection->forget(); });
    }
  }
  co_return co_await keep(records_.forget(account));
}

}  // namespace outcrop::gateway
