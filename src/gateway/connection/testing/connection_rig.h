// WebSocket connections on real sockets, with a clock that the test moves, APIs that it made up, and events that answer as it says.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>

#include "core/testing/test_world.h"
#include "gateway/connection/live_connections.h"
#include "gateway/connection/websocket_front.h"
#include "net/harness_test.h"
#include "net/websocket/client_test.h"

namespace outcrop::gateway {

// Serves "api1" with its stage "live", and "chat.example.com/v1" that leads there.
class MadeUpApis final : public ApiSource {
 public:
  wire::Map<std::string> tags;

  Task<Result<std::shared_ptr<const ServedStage>>> find(std::string_view api_id, std::string_view stage) override {
    if (api_id != "api1" || stage != "live") co_return nullptr;
    ApiParts parts{.api_id = "api1", .account = "111122223333", .region = "eu-central-1", .deployment_id = "d1"};
    parts.api.tags = tags;
    co_return std::make_shared<const ServedStage>(ServedStage{std::make_shared<const DeployedApi>(std::move(parts)), "live", {}});
  }
  Task<Result<std::optional<MappedStage>>> find_domain(std::string_view host, std::string_view path) override {
    if (host != "chat.example.com" || !path.starts_with("/v1")) co_return std::nullopt;
    co_return MappedStage{"api1", "live", std::string(path.substr(3))};
  }
};

// What happened, as text, in order; and what becomes of it.
class ScriptedEvents final : public ConnectionEvents {
 public:
  std::function<Task<Result<void>>(ConnectionContext&)> on_authorize = [](ConnectionContext&) -> Task<Result<void>> { co_return {}; };
  std::function<Task<Result<net::Headers>>(const Handshake&)> on_connect = [](const Handshake&) -> Task<Result<net::Headers>> {
    co_return net::Headers();
  };
  std::function<Task<std::optional<net::WebSocketMessage>>(net::WebSocketMessage)> on_message =
      [](net::WebSocketMessage) -> Task<std::optional<net::WebSocketMessage>> { co_return std::nullopt; };
  std::function<Task<bool>()> on_disconnect = []() -> Task<bool> { co_return true; };

  Task<Result<void>> authorize(const ServedStage&, ConnectionContext& connection, const Handshake&) override {
    co_return co_await keep(on_authorize(connection));
  }
  Task<Result<net::Headers>> connect(const ServedStage& stage, const ConnectionContext& connection, const Handshake& handshake) override {
    note(fmt::format("connect {}/{}", connection.record.api_id, stage.name), &connection);
    co_return co_await keep(on_connect(handshake));
  }
  Task<std::optional<net::WebSocketMessage>> message(const ConnectionContext&, net::WebSocketMessage message) override {
    note("message " + message.data.substr(0, 20));
    co_return co_await on_message(std::move(message));
  }
  Task<bool> disconnect(const ConnectionContext& connection, const net::CloseReason& reason) override {
    note(fmt::format("disconnect {} {}", reason.code, reason.text), &connection);
    co_return co_await on_disconnect();
  }

  // The next that happened; waits for it.
  std::string next() {
    std::unique_lock lock(mutex_);
    check(noted_.wait_for(lock, net::generous, [this] { return !happened_.empty(); }), "nothing happens");
    std::string what = std::move(happened_.front());
    happened_.pop_front();
    return what;
  }
  bool is_quiet() {
    std::lock_guard lock(mutex_);
    return happened_.empty();
  }
  // Of the last event that was noted with one.
  ConnectionContext last_context() {
    std::lock_guard lock(mutex_);
    return last_context_;
  }

 private:
  void note(std::string what, const ConnectionContext* context = nullptr) {
    std::lock_guard lock(mutex_);
    happened_.push_back(std::move(what));
    if (context) last_context_ = *context;
    noted_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable noted_;
  std::deque<std::string> happened_;
  ConnectionContext last_context_;
};

// Lets everybody, unless told otherwise.
class EasyGuards final : public Guards {
 public:
  std::atomic<bool> lets_post = true;
  std::atomic<int> released = 0;

  Task<Result<void>> admit_connection(RouteEvent&, const DeployedApi::Route*, ConnectionContext&) override { co_return {}; }
  Result<void> admit_message(RouteEvent&, const DeployedApi::Route&, size_t) override { return {}; }
  Result<void> admit_post(const ConnectionContext&) override {
    if (!lets_post) return fail("LimitExceededException", 429, "");
    return {};
  }
  void release(const ConnectionContext&) override { ++released; }
  void record(const RouteEvent&) override {}
};

class ConnectionRig {
 public:
  static constexpr std::string_view path = "/_aws/execute-api/api1/live";

  ConnectionRig() { EXPECT_TRUE(run(connections.start())); }
  ~ConnectionRig() { stop(Milliseconds(0)); }

  template <class T>
  T run(Task<T> task) {
    return server.waiting.run(std::move(task));
  }
  void advance(Milliseconds by) { EXPECT_TRUE(run(test.clock.advance(by))); }
  // The server's end, with so much time for farewells.
  void stop(Milliseconds grace) {
    if (std::exchange(is_stopped_, true)) return;
    server.shutdown(Milliseconds(2'000));
    run(connections.stop(net::test_clock.steady() + grace));
  }

  // A client that is connected, and whose server has begun to listen to it.
  net::WebSocketTestClient connect(int receive_buffer_bytes = 0) {
    net::WebSocketTestClient client(server, path, receive_buffer_bytes);
    EXPECT_EQ(events.next(), "connect api1/live");
    wait_for_server(client);
    return client;
  }
  // What was sent before has been read.
  static void wait_for_server(net::WebSocketTestClient& client) {
    client.send(net::masked_ping("still there?"));
    EXPECT_EQ(client.receive().payload, "still there?");
  }
  std::string last_id() { return events.last_context().id; }
  std::vector<std::string> kept() { return *run(connections.records().ids()); }

  MadeUpApis apis;
  ScriptedEvents events;
  TestWorld test;
  net::TestServer server{{.loops = 2}, [this](net::Exchange& exchange) { return front.serve(exchange); }};
  SystemRandom random;
  World world{test.clock, random, test.store, test.blobs, test.pool, test.activity, test.clock, server.loops.executors(), test.processes};
  EasyGuards guards;
  LiveConnections connections{world, events, guards};
  WebSocketFront front{{world, apis, events, guards, connections}};

 private:
  bool is_stopped_ = false;
};

}  // namespace outcrop::gateway
