// Leaving HTTP/1.1 for another protocol on the same connection.
#include <gtest/gtest.h>

#include "net/channel.h"
#include "net/harness_test.h"

namespace outcrop::net {
namespace {

std::string asking(std::string_view fields = "Connection: upgrade\r\nUpgrade: shout\r\n", std::string_view version = "1.1") {
  return fmt::format("GET / HTTP/{}\r\nHost: a\r\n{}\r\n", version, fields);
}

// Speaks a protocol of our own: answers each line in capitals, up to an empty one.
Task<void> shout(Exchange& exchange) {
  Result<Channel*> upgraded = co_await exchange.upgrade({{"upgrade", "shout"}});
  if (!upgraded) {
    (void)co_await exchange.respond({upgraded.error().status}, upgraded.error().code);
    co_return;
  }
  Channel& channel = **upgraded;
  for (;;) {
    size_t end = channel.buffered().find('\n');
    if (end == std::string_view::npos) {
      if (co_await channel.fill(1000, channel.now() + generous) != Channel::End::bytes) co_return;
      continue;
    }
    std::string line(channel.buffered().substr(0, end + 1));
    channel.consume(line.size());
    if (line == "\n") co_return;
    std::ranges::transform(line, line.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
    (void)co_await channel.write({line}, generous);
  }
}

TEST(Http1Upgrade, TheConnectionIsTheHandlersUntilItReturns) {
  TestServer server(shout);
  TestClient client(server);
  auto response = client.exchange(asking());
  EXPECT_EQ(response.status, 101);
  EXPECT_EQ(response.head, "HTTP/1.1 101 Switching Protocols");
  EXPECT_EQ(response.headers.get("connection"), "upgrade");
  EXPECT_EQ(response.headers.get("upgrade"), "shout");
  EXPECT_EQ(response.headers.find("content-length"), nullptr);
  client.send("one\n");
  EXPECT_EQ(client.receive_bytes(4), "ONE\n");
  client.send("two\n");
  EXPECT_EQ(client.receive_bytes(4), "TWO\n");
  client.send("\n");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Http1Upgrade, WhatCameWithTheRequestIsInTheChannel) {
  TestServer server(shout);
  TestClient client(server);
  client.send(asking() + "early\nGET / HTTP/1.1\n\n");
  EXPECT_EQ(client.receive().status, 101);
  EXPECT_EQ(client.receive_bytes(21), "EARLY\nGET / HTTP/1.1\n");
}

TEST(Http1Upgrade, IsImpossibleUnlessTheRequestAsks) {
  TestServer server(shout);
  for (const std::string& request :
       {asking(""), asking("Upgrade: shout\r\n"), asking("Connection: upgrade\r\nContent-Length: 5\r\n") + "hello",
        asking("Connection: upgrade\r\nUpgrade: shout\r\n", "1.0")}) {
    TestClient client(server);
    auto response = client.exchange(request);
    EXPECT_EQ(response.status, 400) << request;
    EXPECT_EQ(response.body, "UpgradeImpossible") << request;
  }
}

TEST(Http1Upgrade, TheHeadsFieldsAreNotKept) {
  size_t fields = 1;
  std::string path;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    (void)co_await exchange.upgrade({{"upgrade", "shout"}});
    fields = exchange.head().headers.size();
    path = exchange.head().path;
  });
  TestClient client(server);
  EXPECT_EQ(client.exchange(asking()).status, 101);
  EXPECT_TRUE(client.is_closed_by_server());
  server.shutdown(Milliseconds(0));
  EXPECT_EQ(fields, 0u);
  EXPECT_EQ(path, "/");
}

TEST(Http1Upgrade, APeerThatHasGoneIsSeen) {
  Gate stopped;
  std::string code;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    Gate never;
    co_await never.pass(exchange.stop_token());
    code = (co_await exchange.upgrade({{"upgrade", "shout"}})).error().code;
    co_await stopped.pass();
  });
  TestClient client(server);
  client.send(asking());
  client.reset();
  stopped.wait_for_arrivals(1);
  EXPECT_EQ(code, "ConnectionClosed");
  stopped.open();
}

TEST(Http1Upgrade, AShutdownTellsTheNewProtocolWhenItBegins) {
  Gate never;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    Result<Channel*> channel = co_await exchange.upgrade({{"upgrade", "shout"}});
    EXPECT_FALSE(co_await never.pass(exchange.stop_token()));
    (void)co_await (*channel)->write({"bye"}, generous);
  });
  TestClient client(server);
  EXPECT_EQ(client.exchange(asking()).status, 101);
  never.wait_for_arrivals(1);
  std::thread ending([&] { server.shutdown(generous); });
  EXPECT_EQ(client.receive_rest(), "bye");
  client.close();
  ending.join();
}

TEST(Http1Upgrade, WhoUpgradesDuringAShutdownIsToldAtOnce) {
  Gate begun;
  bool stopped_before = true, stopped_after = false;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    co_await begun.pass();
    stopped_before = exchange.stop_token().stop_requested();
    (void)co_await exchange.upgrade({{"upgrade", "shout"}});
    stopped_after = exchange.stop_token().stop_requested();
  });
  TestClient client(server), idle(server);
  client.send(asking());
  begun.wait_for_arrivals(1);
  std::thread ending([&] { server.shutdown(generous); });
  EXPECT_TRUE(idle.is_closed_by_server());  // the shutdown has begun
  begun.open();
  EXPECT_EQ(client.receive().status, 101);
  client.close();
  ending.join();
  EXPECT_FALSE(stopped_before);
  EXPECT_TRUE(stopped_after);
}

TEST(Http1Upgrade, BytesNobodyReadDoNotResetWhatWasWritten) {
  TestServer server([&](Exchange& exchange) -> Task<void> {
    Result<Channel*> channel = co_await exchange.upgrade({{"upgrade", "shout"}});
    (void)co_await (*channel)->write({"last words"}, generous);
  });
  TestClient client(server);
  client.send(asking() + std::string(1 << 20, 'x'));
  EXPECT_EQ(client.receive().status, 101);
  EXPECT_EQ(client.receive_rest(), "last words");
}

}  // namespace
}  // namespace outcrop::net
