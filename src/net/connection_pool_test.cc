// Which connection a request goes over: kept ones, their limits and their ends, and what may be sent twice.
#include "net/connection_pool.h"

#include <gtest/gtest.h>

#include "net/client_harness_test.h"

namespace outcrop::net {
namespace {

// So long that what a test sees is not the end of an idle connection's time.
const ClientOptions long_idle{.idle_timeout = Milliseconds(600'000)};

constexpr std::string_view no_content = "HTTP/1.1 204 No Content\r\n\r\n";

// One exchange over the peer, which stays open.
void exchange_over(TestHttpClient& client, const ScriptedServer& server, ScriptedPeer& peer) {
  auto outcome = client.begin_fetch(get_request(server.url()));
  peer.answer(no_content);
  EXPECT_EQ(client.wait(std::move(outcome)).status, 204);
}

// A client with one kept connection.
ScriptedPeer keep_one(TestHttpClient& client, ScriptedServer& server) {
  auto outcome = client.begin_fetch(get_request(server.url()));
  ScriptedPeer peer = server.accept();
  peer.answer(no_content);
  EXPECT_EQ(client.wait(std::move(outcome)).status, 204);
  return peer;
}

void wait_until(TestHttpClient& client, std::function<bool(const ClientStats&)> holds) {
  for (int turn = 0; !holds(client.stats()); ++turn) check(turn < 1'000'000, "the client does not get there");
}

TEST(ConnectionPool, AConnectionIsUsedAgain) {
  ScriptedServer server;
  TestHttpClient client;
  ScriptedPeer peer = keep_one(client, server);
  exchange_over(client, server, peer);
  EXPECT_EQ(client.stats().opened, 1u);
  EXPECT_EQ(client.stats().idle, 1u);
}

TEST(ConnectionPool, TheOneUsedLastIsUsedNext) {
  ScriptedServer server;
  TestHttpClient client;
  auto first = client.begin_fetch(get_request(server.url()));
  ScriptedPeer older = server.accept();
  older.receive_head();
  auto second = client.begin_fetch(get_request(server.url()));
  ScriptedPeer newer = server.accept();
  newer.receive_head();
  older.send(no_content);
  client.wait(std::move(first));
  newer.send(no_content);
  client.wait(std::move(second));
  for (int i = 0; i < 3; ++i) exchange_over(client, server, newer);
}

TEST(ConnectionPool, OriginsDoNotShareConnections) {
  ScriptedServer one, other;
  TestHttpClient client;
  ScriptedPeer first = keep_one(client, one), second = keep_one(client, other);
  exchange_over(client, one, first);
  exchange_over(client, other, second);
  EXPECT_EQ(client.stats().opened, 2u);
}

TEST(ConnectionPool, ThoseWhoWaitAreServedInTheirOrder) {
  ScriptedServer server;
  TestHttpClient client({.connections_per_origin_max = 1});
  std::vector<std::future<Outcome>> outcomes;
  outcomes.push_back(client.begin_fetch(get_request(server.url("/0"))));
  ScriptedPeer peer = server.accept();
  for (int i = 1; i < 5; ++i) {
    outcomes.push_back(client.begin_fetch(get_request(server.url(fmt::format("/{}", i)))));
    wait_until(client, [i](const ClientStats& stats) { return stats.waiting == size_t(i); });
  }
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(peer.receive_head().starts_with(fmt::format("GET /{} ", i)));
    peer.send(no_content);
    EXPECT_EQ(client.wait(std::move(outcomes[size_t(i)])).status, 204);
  }
  EXPECT_EQ(client.stats().opened, 1u);
  EXPECT_FALSE(server.has_waiting());
}

TEST(ConnectionPool, WhoWaitsMayOpenOneWhenTheOneInUseEnds) {
  ScriptedServer server;
  TestHttpClient client({.connections_per_origin_max = 1});
  auto first = client.begin_fetch(get_request(server.url()));
  ScriptedPeer peer = server.accept();
  auto second = client.begin_fetch(get_request(server.url()));
  wait_until(client, [](const ClientStats& stats) { return stats.waiting == 1; });
  peer.answer("HTTP/1.1 204 x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.wait(std::move(first)).status, 204);
  server.accept().answer(no_content);
  EXPECT_EQ(client.wait(std::move(second)).status, 204);
}

TEST(ConnectionPool, TheQueueHasABound) {
  ScriptedServer server;
  TestHttpClient client({.connections_per_origin_max = 1, .waiting_per_origin_max = 1});
  auto first = client.begin_fetch(get_request(server.url())), second = client.begin_fetch(get_request(server.url()));
  wait_until(client, [](const ClientStats& stats) { return stats.waiting == 1; });
  EXPECT_EQ(client.fetch_now(get_request(server.url())).fault.code, "PoolExhausted");
}

TEST(ConnectionPool, NobodyWaitsForEver) {
  ScriptedServer server;
  TestHttpClient client({.connections_per_origin_max = 1, .pool_timeout = Milliseconds(20)});
  auto first = client.begin_fetch(get_request(server.url()));
  EXPECT_EQ(client.fetch_now(get_request(server.url())).fault.code, "PoolTimeout");
  server.accept().answer(no_content);  // and the connection is still good for the first
  EXPECT_EQ(client.wait(std::move(first)).status, 204);
}

TEST(ConnectionPool, AnIdleConnectionIsClosedAfterAWhile) {
  ScriptedServer server;
  TestHttpClient client({.idle_timeout = Milliseconds(20)});
  ScriptedPeer peer = keep_one(client, server);
  EXPECT_TRUE(peer.is_closed_by_client());
  EXPECT_EQ(client.stats().connections, 0u);
}

TEST(ConnectionPool, NoMoreAreKeptThanAllowed) {
  ScriptedServer server, other;
  TestHttpClient client({.idle_connections_max = 1, .idle_timeout = Milliseconds(600'000)});
  ScriptedPeer older = keep_one(client, server), newer = keep_one(client, other);
  EXPECT_TRUE(older.is_closed_by_client());
  EXPECT_EQ(client.stats().idle, 1u);
}

TEST(ConnectionPool, AConnectionThatItsServerClosesIsForgotten) {
  ScriptedServer server;
  TestHttpClient client(long_idle);
  for (bool reset : {false, true}) {
    ScriptedPeer peer = keep_one(client, server);
    reset ? peer.reset() : peer.close();
    wait_until(client, [](const ClientStats& stats) { return stats.connections == 0; });
  }
  keep_one(client, server);
  EXPECT_EQ(client.stats().opened, 3u);
}

TEST(ConnectionPool, AConnectionThatSaysSomethingUnaskedIsForgotten) {
  ScriptedServer server;
  TestHttpClient client(long_idle);
  ScriptedPeer peer = keep_one(client, server);
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
  wait_until(client, [](const ClientStats& stats) { return stats.connections == 0; });
}

TEST(ConnectionPool, WhatFollowsAResponseIsNoAnswerToTheNextRequest) {
  ScriptedServer server;
  TestHttpClient client(long_idle);
  for (std::string_view response : {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n\r\n"}) {
    auto outcome = client.begin_fetch(get_request(server.url()));
    ScriptedPeer peer = server.accept();
    peer.answer(response);
    EXPECT_EQ(client.wait(std::move(outcome)).body, "ok");
    peer.receive_rest();
    EXPECT_EQ(client.stats().connections, 0u);
  }
}

TEST(ConnectionPool, SomeResponsesEndTheirConnection) {
  ScriptedServer server;
  TestHttpClient client(long_idle);
  for (std::string_view response : {"HTTP/1.1 204 x\r\nConnection: close\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
    auto outcome = client.begin_fetch(get_request(server.url()));
    ScriptedPeer peer = server.accept();
    peer.answer(response);
    EXPECT_NE(client.wait(std::move(outcome)).status, 0);
    EXPECT_TRUE(peer.is_closed_by_client());
  }
}

TEST(ConnectionPool, AnExchangeThatIsDroppedClosesItsConnection) {
  ScriptedServer server;
  TestHttpClient client(long_idle);
  auto status = client.begin([&]() -> Task<int> {
    auto exchange = co_await client.client.send(get_request(server.url()));
    co_return (*exchange)->head().status;
  });
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
  EXPECT_EQ(client.wait(std::move(status)), 200);
  peer.receive_rest();
  EXPECT_EQ(client.stats().connections, 0u);
}

// The server closes a kept connection when the next request is there already: what comes of that request?
Outcome on_a_connection_that_ends(ClientRequest request, std::string_view before_it_ends = "") {
  ScriptedServer server;
  TestHttpClient client;
  ScriptedPeer kept = keep_one(client, server);
  request.url = server.url();
  auto outcome = client.begin_fetch(request);
  kept.receive_head();
  kept.receive_bytes(request.body.size());
  kept.send(before_it_ends);
  kept.close();
  while (outcome.wait_for(Milliseconds(1)) != std::future_status::ready) {
    if (!server.has_waiting()) continue;
    ScriptedPeer fresh = server.accept();
    fresh.receive_head();
    fresh.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfresh");
  }
  return outcome.get();
}

TEST(ConnectionPool, AnIdempotentRequestThatMetAClosedConnectionIsSentAgain) {
  EXPECT_EQ(on_a_connection_that_ends({.method = "GET"}).body, "fresh");
  EXPECT_EQ(on_a_connection_that_ends({.method = "PUT", .body = "body"}).body, "fresh");
}

TEST(ConnectionPool, ARequestThatMayHaveBeenCarriedOutIsNotSentAgain) {
  Outcome outcome = on_a_connection_that_ends({.method = "POST", .body = "body"});
  EXPECT_EQ(outcome.fault.code, "NoResponse");
  EXPECT_EQ(progress_of(outcome.fault), RequestProgress::unanswered);
  EXPECT_EQ(on_a_connection_that_ends({.method = "POST", .body = "body", .may_be_repeated = true}).body, "fresh");
}

TEST(ConnectionPool, ARequestThatWasAnsweredIsNotSentAgain) {
  EXPECT_EQ(on_a_connection_that_ends({.method = "GET"}, "H").fault.code, "IncompleteResponse");
  EXPECT_EQ(on_a_connection_that_ends({.method = "GET"}, "HTTP/1.1 102 x\r\n\r\n").fault.code, "IncompleteResponse");
}

TEST(ConnectionPool, OnANewConnectionNothingIsSentAgain) {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin_fetch(get_request(server.url()));
  {
    ScriptedPeer peer = server.accept();
    peer.receive_head();
  }
  EXPECT_EQ(client.wait(std::move(outcome)).fault.code, "NoResponse");
  EXPECT_FALSE(server.has_waiting());
}

}  // namespace
}  // namespace outcrop::net
