// Connections: how requests follow each other, where the limits are, and what peers may do to them.
#include "net/server.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "net/harness_test.h"

namespace outcrop::net {
namespace {

// Answers with what it was asked for.
TEST(Server, ReportsTheFreePortItTookAndAnswersThere) {
  TestServer server(echo_path);
  EXPECT_EQ(server.endpoint.address, "127.0.0.1");
  EXPECT_NE(server.endpoint.port, 0);
  EXPECT_EQ(server.endpoint.text(), fmt::format("127.0.0.1:{}", server.endpoint.port));
  TestClient client(server);
  auto response = client.exchange(http1_get("/health"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "/health");
  EXPECT_EQ(response.headers.get("date").size(), 29u);
  EXPECT_EQ(response.headers.find("connection"), nullptr);
}

TEST(Server, ListensOnSeveralAddressesAndOnIpv6) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    const Peer& peer = exchange.head().peer;
    (void)co_await exchange.respond({200}, fmt::format("{} {}", peer.address, peer.is_loopback));
  });
  auto second = server.server.listen("[::1]:0");
  ASSERT_TRUE(second.has_value());
  EXPECT_TRUE(second->text().starts_with("[::1]:"));
  TestClient v6(*second);
  EXPECT_EQ(v6.exchange(simple_get).body, "::1 true");
  TestClient v4(server);
  EXPECT_EQ(v4.exchange(simple_get).body, "127.0.0.1 true");
  EXPECT_EQ(server.server.endpoints().size(), 2u);
}

TEST(Server, AnIpv4ClientOfAnIpv6SocketIsKnownByItsIpv4Address) {
  TestServer server({.address = "[::]:0"}, [](Exchange& exchange) -> Task<void> {
    const Peer& peer = exchange.head().peer;
    (void)co_await exchange.respond({200}, fmt::format("{} {}", peer.address, peer.is_loopback));
  });
  TestClient client(Endpoint{"127.0.0.1", server.endpoint.port});
  EXPECT_EQ(client.exchange(simple_get).body, "127.0.0.1 true");
}

TEST(Server, ACloseTheHandlerWantsIsDone) {
  TestServer server([](Exchange& exchange) -> Task<void> { (void)co_await exchange.respond({200, {{"Connection", "close"}}}, ""); });
  TestClient client(server);
  EXPECT_EQ(client.exchange(simple_get).headers.get("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Server, AnAddressThatIsTakenOrNoneIsAClearError) {
  TestServer server(echo_path);
  auto taken = server.server.listen(server.endpoint.text());
  ASSERT_FALSE(taken.has_value());
  EXPECT_EQ(taken.error().code, "AddressUnavailable");
  EXPECT_TRUE(taken.error().message.contains("Address already in use"));
  for (auto bad : {"", "localhost", "127.0.0.1", "127.0.0.1:", "127.0.0.1:66000", "::1:80", "[::1]", "[127.0.0.1]:1", "1.2.3:80"}) {
    auto refused = server.server.listen(bad);
    ASSERT_FALSE(refused.has_value()) << bad;
    EXPECT_EQ(refused.error().code, "InvalidAddress");
  }
}

TEST(Server, AConnectionIsKeptForRequestAfterRequest) {
  TestServer server(echo_path);
  TestClient client(server);
  for (int i = 0; i < 100; ++i) {
    std::string path = fmt::format("/{}", i);
    ASSERT_EQ(client.exchange(http1_get(path)).body, path);
  }
  EXPECT_EQ(server.server.stats().connections_accepted, 1u);
  EXPECT_EQ(server.server.stats().requests, 100u);
}

TEST(Server, PipelinedRequestsAreAnsweredInOrder) {
  TestServer server(echo_path);
  TestClient client(server);
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += http1_get(fmt::format("/{}", i));
  client.send(requests);
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.receive().body, fmt::format("/{}", i));
}

TEST(Server, PipelinedBodiesAreToldApart) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    Result<std::string> body = co_await exchange.read_body(100);
    (void)co_await exchange.respond({200}, body.value());
  });
  TestClient client(server);
  client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nt\r\n2\r\nwo\r\n0\r\n\r\n"
      "POST / HTTP/1.1\r\nHost: a\r\n\r\n"
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nfour");
  EXPECT_EQ(client.receive().body, "one");
  EXPECT_EQ(client.receive().body, "two");
  EXPECT_EQ(client.receive().body, "");
  EXPECT_EQ(client.receive().body, "four");
}

TEST(Server, RequestsInSinglePiecesOfOneByteAreUnderstood) {
  TestServer server(echo_path);
  TestClient client(server);
  for (char c : http1_get("/slowly")) client.send(std::string_view(&c, 1));
  EXPECT_EQ(client.receive().body, "/slowly");
}

TEST(Server, ACloseIsHonouredAndSaid) {
  TestServer server(echo_path);
  TestClient client(server);
  auto response = client.exchange(http1_get("/", "Connection: close\r\n"));
  EXPECT_EQ(response.headers.get("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Server, Http10ClosesUnlessAskedToKeep) {
  TestServer server(echo_path);
  TestClient closes(server);
  EXPECT_EQ(closes.exchange("GET /a HTTP/1.0\r\n\r\n").body, "/a");
  EXPECT_TRUE(closes.is_closed_by_server());
  TestClient keeps(server);
  auto response = keeps.exchange("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(response.headers.get("connection"), "keep-alive");
  EXPECT_EQ(keeps.exchange("GET /b HTTP/1.0\r\n\r\n").body, "/b");
}

TEST(Server, WhatIsNoRequestGetsItsAnswerAndTheConnectionEnds) {
  TestServer server(echo_path);
  struct Case {
    std::string bytes;
    int status;
  };
  for (const Case& bad :
       {Case{"nonsense\r\n\r\n", 400}, Case{"GET /" + std::string(20'000, 'a'), 414},
        Case{http1_get("/", "A: " + std::string(40'000, 'a') + "\r\n"), 431}, Case{http1_get("/", "Expect: more\r\n"), 417},
        Case{http1_get("/", "Transfer-Encoding: gzip\r\n"), 501}, Case{"GET / HTTP/2.0\r\n\r\n", 505},
        Case{http1_get("/", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
             400}}) {
    TestClient client(server);
    client.send(bad.bytes);
    auto response = client.receive();
    EXPECT_EQ(response.status, bad.status);
    EXPECT_EQ(response.headers.get("connection"), "close");
    EXPECT_FALSE(response.body.empty());
    EXPECT_EQ(client.receive_rest(), "");  // nothing behind it is answered
  }
}

TEST(Server, AHeadThatTakesTooLongIsAnswered408) {
  TestServer server({.options = {.head_timeout = Milliseconds(50)}}, echo_path);
  TestClient client(server);
  client.send("GET / HTTP/1.1\r\nHost: ");
  EXPECT_EQ(client.receive().status, 408);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Server, AConnectionThatSaysNothingIsClosedWithoutAWord) {
  TestServer server({.options = {.head_timeout = Milliseconds(50)}}, echo_path);
  TestClient client(server);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Server, AnIdleConnectionIsClosedAfterItsTime) {
  TestServer server({.options = {.idle_timeout = Milliseconds(50)}}, echo_path);
  TestClient client(server);
  EXPECT_EQ(client.exchange(simple_get).status, 200);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Server, AHandlerThatDoesNotAnswerIsAnsweredFor) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    if (exchange.head().path == "/throws") throw std::runtime_error("thrown by a test");
    co_return;
  });
  TestClient client(server);
  EXPECT_EQ(client.exchange(http1_get("/throws")).status, 500);
  EXPECT_EQ(client.exchange(http1_get("/silent")).status, 500);
}

TEST(Server, APeerThatGoesStopsTheExchange) {
  Gate never, stopped;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    co_await never.pass(exchange.stop_token());
    co_await stopped.pass();
    (void)co_await exchange.respond({200}, "nobody");
  });
  {
    TestClient ends(server), resets(server);
    ends.send(http1_get("/"));
    resets.send(http1_get("/"));
    never.wait_for_arrivals(2);
    ends.close();
    resets.reset();
  }
  stopped.wait_for_arrivals(2);
  stopped.open();
}

TEST(Server, APeerThatOnlyEndsItsSideStillGetsItsAnswer) {
  TestServer server(echo_path);
  TestClient client(server);
  client.send(http1_get("/one") + http1_get("/two"));
  client.shut_down_writing();
  EXPECT_EQ(client.receive().body, "/one");
  EXPECT_EQ(client.receive().body, "/two");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Server, NewcomersAboveTheLimitWaitForOthersToEnd) {
  Gate gate;
  TestServer server({.options = {.connections_max = 2}}, [&](Exchange& exchange) -> Task<void> {
    if (exchange.head().path == "/wait") co_await gate.pass();
    (void)co_await exchange.respond({200}, fmt::format("{}", server.server.stats().connections_open));
  });
  TestClient one(server), other(server);
  one.send(http1_get("/wait", "Connection: close\r\n"));
  other.send(http1_get("/wait", "Connection: close\r\n"));
  gate.wait_for_arrivals(2);
  TestClient newcomer(server);
  newcomer.send(http1_get("/"));
  EXPECT_EQ(server.server.stats().connections_accepted, 2u);
  gate.open();
  auto response = newcomer.receive();
  EXPECT_EQ(response.status, 200);
  EXPECT_LE(std::stoi(response.body), 2);
}

TEST(Server, IdleConnectionsMakeRoomForNewcomers) {
  TestServer server({.options = {.connections_max = 2}}, echo_path);
  TestClient one(server), other(server);
  EXPECT_EQ(one.exchange(http1_get("/a")).status, 200);
  EXPECT_EQ(other.exchange(http1_get("/b")).status, 200);
  TestClient newcomer(server);
  EXPECT_EQ(newcomer.exchange(http1_get("/c")).status, 200);
}

TEST(Server, RunningOutOfDescriptorsDelaysNewcomersAndLosesNone) {
  TestServer server(echo_path);
  TestClient before(server);
  EXPECT_EQ(before.exchange(simple_get).status, 200);
  rlimit usual;
  getrlimit(RLIMIT_NOFILE, &usual);
  std::vector<int> spent;
  TestClient newcomer = [&] {
    int free = dup(0);  // the number of the next descriptor: the client gets it, the server finds none
    ::close(free);
    rlimit tight{rlim_t(free) + 1, usual.rlim_max};
    setrlimit(RLIMIT_NOFILE, &tight);
    return TestClient(server);
  }();
  newcomer.send(http1_get("/late"));
  EXPECT_EQ(before.exchange(http1_get("/still")).body, "/still");
  setrlimit(RLIMIT_NOFILE, &usual);
  EXPECT_EQ(newcomer.receive().body, "/late");
}

TEST(Server, ConnectionsAreSpreadOverTheLoops) {
  TestServer server({.loops = 3}, [&](Exchange& exchange) -> Task<void> {
    std::string loop;
    for (size_t i = 0; i < server.loops.size(); ++i) {
      if (server.loops.at(i).is_current()) loop = std::to_string(i);
    }
    (void)co_await exchange.respond({200}, loop);
  });
  std::vector<TestClient> clients;
  std::map<std::string, int> connections_of;
  for (int i = 0; i < 9; ++i) {
    clients.emplace_back(server);
    ++connections_of[clients.back().exchange(simple_get).body];
  }
  EXPECT_EQ(connections_of, (std::map<std::string, int>{{"0", 3}, {"1", 3}, {"2", 3}}));
}

TEST(Server, AServerOfOneLoopStaysThere) {
  Loops loops(test_clock, 2);
  loops.start();
  BodyBudget budget(test_clock, limits::body_budget_bytes);
  FunctionHandler handler([&](Exchange& exchange) -> Task<void> {
    (void)co_await exchange.respond({200}, loops.at(1).is_current() ? "the second" : "another");
  });
  Server server(loops.at(1), budget, handler);
  const Endpoint endpoint = *server.listen("127.0.0.1:0");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(TestClient(endpoint).exchange(simple_get).body, "the second");
  SimpleExecutor(test_clock).run(server.shutdown(Milliseconds(0)));
}

TEST(Server, WhoIsNotAdmittedIsClosedUnheard) {
  std::atomic<bool> open = false;
  ServerOptions options;
  options.admits = [&](const Peer& peer) { return peer.is_loopback && open; };
  TestServer server({.options = options}, echo_path);
  TestClient stranger(server);
  stranger.send(simple_get);
  EXPECT_TRUE(stranger.is_closed_by_server());
  open = true;
  EXPECT_EQ(TestClient(server).exchange(http1_get("/in")).body, "/in");
}

}  // namespace
}  // namespace outcrop::net
