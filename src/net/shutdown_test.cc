// The end of a server: what is running may end, what is idle goes, and nothing waits for ever.
#include <gtest/gtest.h>

#include "net/harness_test.h"

namespace outcrop::net {
namespace {

TEST(Shutdown, RunningExchangesEndAndIdleConnectionsGo) {
  Gate gate;
  TestServer server({.loops = 2}, [&](Exchange& exchange) -> Task<void> {
    if (exchange.head().method == "POST") co_await gate.pass();
    (void)co_await exchange.respond({200}, "done");
  });
  TestClient idle(server), busy(server), silent(server), beside_busy(server);  // dealt out to loops 0, 1, 0, 1
  EXPECT_EQ(idle.exchange(simple_get).status, 200);
  busy.send("POST / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.wait_for_arrivals(1);

  SteadyTime began = test_clock.steady();
  std::thread ending([&] { server.shutdown(generous); });
  EXPECT_TRUE(idle.is_closed_by_server());
  EXPECT_TRUE(silent.is_closed_by_server());
  EXPECT_TRUE(beside_busy.is_closed_by_server());
  gate.open();
  auto response = busy.receive();
  EXPECT_EQ(response.body, "done");
  EXPECT_EQ(response.headers.get("connection"), "close");
  busy.shut_down_writing();
  EXPECT_EQ(busy.receive_rest(), "");
  ending.join();
  EXPECT_LT(test_clock.steady() - began, generous);
  EXPECT_EQ(server.server.stats().connections_open, 0u);
}

TEST(Shutdown, AfterTheGraceTokensStopAndMayStillBeAnswered) {
  Gate never;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    bool open = co_await never.pass(exchange.stop_token());
    (void)co_await exchange.respond({open ? 200 : 503}, "");
  });
  TestClient client(server);
  client.send(simple_get);
  never.wait_for_arrivals(1);
  std::thread ending([&] { server.shutdown(Milliseconds(20)); });
  EXPECT_EQ(client.receive().status, 503);
  ending.join();
}

TEST(Shutdown, WhoIgnoresTheStopLosesItsConnection) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start({200});
    std::string part(65536, 'x');
    while (co_await exchange.write(part)) {
    }
  });
  TestClient client(server);
  client.send(simple_get);
  EXPECT_EQ(client.receive(true).status, 200);
  server.shutdown(Milliseconds(0));  // returns although the handler would write for ever
  EXPECT_EQ(server.server.stats().connections_open, 0u);
}

TEST(Shutdown, ABodyWaitingForMemoryIsStopped) {
  Gate never;
  TestServer server({.budget_bytes = 10}, [&](Exchange& exchange) -> Task<void> {
    Result<std::string> body = co_await exchange.read_body(100);
    if (body) co_await never.pass(exchange.stop_token());
    (void)co_await exchange.respond({body ? 200 : body.error().status}, "");
  });
  TestClient holds(server), waits(server);
  holds.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n12345678");
  never.wait_for_arrivals(1);
  waits.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(waits.receive().status, 100);
  server.shutdown(Milliseconds(0));
  EXPECT_EQ(server.budget.waiting(), 0u);
}

TEST(Shutdown, ANewConnectionIsRefused) {
  TestServer server([](Exchange& exchange) -> Task<void> { (void)co_await exchange.respond({200}, ""); });
  EXPECT_TRUE(TestClient::can_connect(server.endpoint));
  server.shutdown(Milliseconds(0));
  EXPECT_FALSE(TestClient::can_connect(server.endpoint));
}

}  // namespace
}  // namespace outcrop::net
