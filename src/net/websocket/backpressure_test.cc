// WebSocket peers that do not keep up, and senders that are many.
#include <gtest/gtest.h>

#include "base/task_group.h"
#include "net/websocket/client_test.h"

namespace outcrop::net {
namespace {

using Frame = WebSocketTestClient::Frame;

TEST(WebSocketBackPressure, MessagesThatAreNotWholeShareABudget) {
  TestServer server({.budget_bytes = 150'000}, [&](Exchange& exchange) -> Task<void> {
    auto socket = co_await WebSocket::accept(exchange, {.budget = &server.budget});
    co_await echo(**socket);
  });
  WebSocketTestClient first(server), second(server);
  std::string message(80'000, 'x');
  first.send(masked_frame(0x01, message) + masked_ping());
  EXPECT_EQ(first.receive().first, 0x8a);
  second.send(masked_frame(0x01, message));
  EXPECT_EQ(code_of_close(second.receive()), 1013);
  first.send(masked_frame(0x80, "!"));
  EXPECT_EQ(first.receive().payload, message + "!");
  EXPECT_EQ(server.budget.bytes_held(), 0u);
}

TEST(WebSocketBackPressure, SendersOnOtherThreadsKeepTheirOrderAndNeverMix) {
  constexpr int senders = 8, messages = 50;
  Loops others(test_clock, 2);
  others.start();
  Conversation converse = [&](WebSocket& socket) -> Task<void> {
    TaskGroup sending;
    for (int i = 0; i < senders; ++i) {
      sending.spawn_on(others.at(size_t(i % 2)), [](WebSocket& socket, int sender) -> Task<void> {
        for (int k = 0; k < messages; ++k) {
          std::string data = fmt::format("{} {} {}", sender, k, std::string(20'000, char('a' + sender)));
          Executor& home = *Executor::current();
          co_await socket.loop().enter();
          EXPECT_TRUE((co_await socket.send(data)).has_value());
          co_await home.enter();
        }
      }(socket, i));
    }
    (void)co_await socket.receive();
    co_await sending.join();
  };
  TestServer server(websocket({.queued_bytes_max = 100 << 20}, converse));
  WebSocketTestClient client(server, "/", 4096);
  std::array<int, senders> next{};
  for (int i = 0; i < senders * messages; ++i) {
    Frame frame = client.receive();
    ASSERT_EQ(frame.first, 0x81);
    size_t sender = size_t(frame.payload[0] - '0');
    EXPECT_EQ(frame.payload, fmt::format("{} {} {}", sender, next[sender]++, std::string(20'000, char('a' + sender))));
  }
  client.send(close_frame());
  EXPECT_EQ(client.receive().first, 0x88);
  server.shutdown(Milliseconds(0));
  others.stop();
}

TEST(WebSocketBackPressure, WhatASlowPeerDoesNotTakeIsBounded) {
  Gate full, ended;
  std::string refused_with;
  std::atomic<int> failed = 0;
  Conversation converse = [&](WebSocket& socket) -> Task<void> {
    TaskGroup sending;
    std::string data(100'000, 'x');
    for (int i = 0; i < 1000; ++i) {
      sending.spawn([](WebSocket& socket, std::string_view data, std::string& refused_with, std::atomic<int>& failed) -> Task<void> {
        Result<void> sent = co_await socket.send(data);
        if (!sent && sent.error().code == "SlowConsumer") refused_with = "SlowConsumer";
        if (!sent && sent.error().code == "ConnectionClosed") ++failed;
      }(socket, data, refused_with, failed));
    }
    EXPECT_LE(socket.bytes_queued(), 350'000u);
    EXPECT_GT(socket.bytes_queued(), 200'000u);
    co_await full.pass();
    auto received = co_await socket.receive();
    EXPECT_EQ(received.error().reason.code, 1006);
    EXPECT_EQ(socket.bytes_queued(), 0u);  // the senders have gone
    co_await sending.join();
    co_await ended.pass();
  };
  TestServer server(websocket({.queued_bytes_max = 350'000}, converse));
  WebSocketTestClient client(server, "/", 4096);
  full.wait_for_arrivals(1);
  client.socket().reset();
  full.open();
  ended.wait_for_arrivals(1);
  EXPECT_EQ(refused_with, "SlowConsumer");
  EXPECT_EQ(failed, 3);
  ended.open();
}

TEST(WebSocketBackPressure, ASendThatIsNotTakenInTimeEndsTheConnection) {
  Gate failed;
  Conversation converse = [&](WebSocket& socket) -> Task<void> {
    std::string data(1 << 20, 'x');
    Result<void> sent;
    while (sent) sent = co_await socket.send(data);
    EXPECT_EQ(sent.error().code, "ConnectionClosed");
    EXPECT_EQ((co_await socket.receive()).error().reason.code, 1006);
    co_await failed.pass();
  };
  TestServer server(websocket({.write_timeout = Milliseconds(50)}, converse));
  WebSocketTestClient client(server, "/", 4096);
  failed.wait_for_arrivals(1);
  failed.open();
}

TEST(WebSocketBackPressure, AFloodOfPingsWaitsOnThePeersSide) {
  Gate ended;
  TestServer server(websocket({.write_timeout = Milliseconds(200)}, [&](WebSocket& socket) -> Task<void> {
    EXPECT_EQ((co_await socket.receive()).error().reason.code, 1006);
    co_await ended.pass();
  }));
  WebSocketTestClient client(server, "/", 4096);
  std::string pings;
  for (int i = 0; i < 1000; ++i) pings += masked_ping(std::string(125, 'p'));
  for (size_t sent = 0; sent < 200u << 20; sent += pings.size()) client.send(pings);  // and reads no pong
  ended.wait_for_arrivals(1);
  ended.open();
}

TEST(WebSocketBackPressure, ASendUnderWayKeepsNoPingWaitingNorTheReceiver) {
  constexpr size_t messages = 50;
  Gate received;
  Conversation converse = [&](WebSocket& socket) -> Task<void> {
    TaskGroup sending;
    std::string data(8 << 20, 'x');  // more than the kernel takes
    sending.spawn([](WebSocket& socket, std::string_view data) -> Task<void> { EXPECT_TRUE((co_await socket.send(data)).has_value()); }(
                                                                   socket, data));
    for (size_t i = 0; i < messages; ++i) {
      EXPECT_TRUE((co_await socket.receive()).has_value());
      co_await received.pass();
    }
    co_await sending.join();
    (void)co_await socket.close();
  };
  TestServer server(websocket({.ping_interval = Milliseconds(1)}, converse));
  WebSocketTestClient client(server, "/", 4096);
  received.open();
  for (size_t i = 1; i <= messages; ++i) {  // many times the interval
    client.send(text_frame("still here"));
    received.wait_for_arrivals(i);
  }
  Frame frame = client.receive();
  EXPECT_EQ(frame.payload.size(), 8u << 20);
  while (frame.first != 0x88 && frame.first != 0) frame = client.receive();
  EXPECT_EQ(code_of_close(frame), 1000);
}

}  // namespace
}  // namespace outcrop::net
