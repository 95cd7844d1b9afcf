// Requests whose body the caller writes, and both directions at once.
#include <gtest/gtest.h>

#include "base/task_group.h"
#include "net/client_harness_test.h"

namespace outcrop::net {
namespace {

using Exchanged = std::unique_ptr<ClientExchange>;

ClientRequest upload(const Url& url) { return {.method = "POST", .url = url}; }

// Writes until the server wants no more; the fault that says so.
Task<Fault> write_on(ClientExchange& exchange) {
  std::string part(64 * 1024, 'x');
  for (;;) {
    Result<void> written = co_await exchange.write(part);
    if (!written) co_return written.error();
  }
}

Task<Outcome> receive(ClientExchange& exchange) {
  Outcome outcome;
  Result<void> received = co_await exchange.receive();
  if (!received) {
    outcome.fault = received.error();
    co_return outcome;
  }
  outcome.status = exchange.head().status;
  Result<std::string> body = co_await exchange.read_whole(1000);
  if (body) outcome.body = *body;
  if (!body) outcome.fault = body.error();
  co_return outcome;
}

TEST(HttpClientStreaming, ABodyIsWrittenInChunks) {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin([&]() -> Task<Outcome> {
    Exchanged exchange = (co_await client.client.start(upload(server.url()))).value();
    EXPECT_TRUE(co_await exchange->write("hello"));
    EXPECT_TRUE(co_await exchange->write(""));
    EXPECT_TRUE(co_await exchange->write(std::string(20, 'y')));
    EXPECT_TRUE(co_await exchange->finish({{"x-sum", "7"}}));
    co_return co_await receive(*exchange);
  });
  ScriptedPeer peer = server.accept();
  EXPECT_NE(peer.receive_head().find("transfer-encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(peer.receive_through("x-sum: 7\r\n\r\n"), "5\r\nhello\r\n14\r\nyyyyyyyyyyyyyyyyyyyy\r\n0\r\nx-sum: 7\r\n\r\n");
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(client.wait(std::move(outcome)).body, "ok");
  EXPECT_EQ(client.stats().idle, 1u);
}

TEST(HttpClientStreaming, ABodyOfDeclaredLength) {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin([&]() -> Task<Outcome> {
    Exchanged exchange = (co_await client.client.start(upload(server.url()), 10)).value();
    EXPECT_TRUE(co_await exchange->write("hello"));
    EXPECT_TRUE(co_await exchange->write("world"));
    EXPECT_TRUE(co_await exchange->finish());
    co_return co_await receive(*exchange);
  });
  ScriptedPeer peer = server.accept();
  EXPECT_NE(peer.receive_head().find("content-length: 10\r\n"), std::string::npos);
  EXPECT_EQ(peer.receive_bytes(10), "helloworld");
  peer.send("HTTP/1.1 204 x\r\n\r\n");
  EXPECT_EQ(client.wait(std::move(outcome)).status, 204);
}

TEST(HttpClientStreaming, TheDeclaredLengthIsKept) {
  ScriptedServer server;
  TestHttpClient client;
  auto codes = client.begin([&]() -> Task<std::string> {
    Exchanged longer = (co_await client.client.start(upload(server.url()), 3)).value();
    Exchanged shorter = (co_await client.client.start(upload(server.url()), 3)).value();
    std::string first = (co_await longer->write("four")).error().code;
    co_return first + " " + (co_await shorter->finish()).error().code;
  });
  ScriptedPeer first = server.accept(), second = server.accept();
  EXPECT_EQ(client.wait(std::move(codes)), "InvalidRequest InvalidRequest");
  first.receive_head(), second.receive_head();
  EXPECT_TRUE(first.is_closed_by_client());
  EXPECT_TRUE(second.is_closed_by_client());
}

TEST(HttpClientStreaming, BothDirectionsAtOnce) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start({200});
    for (;;) {
      auto part = co_await exchange.read_some();
      if (!part || !*part) break;
      (void)co_await exchange.write(**part);
    }
    (void)co_await exchange.finish();
  });
  TestHttpClient client;
  auto echoed = client.begin([&]() -> Task<std::string> {
    Exchanged exchange = (co_await client.client.start(upload(url_of(server.endpoint)))).value();
    std::string all;
    for (std::string word : {"one", "two", "three"}) {  // each is written when the one before has come back
      EXPECT_TRUE(co_await exchange->write(word));
      EXPECT_TRUE(co_await exchange->receive());
      auto part = co_await exchange->read_some();
      all += part.value().value();
    }
    EXPECT_TRUE(co_await exchange->finish());
    EXPECT_FALSE((co_await exchange->read_some()).value());
    co_return all;
  });
  EXPECT_EQ(client.wait(std::move(echoed)), "onetwothree");
  EXPECT_EQ(client.stats().idle, 1u);
}

TEST(HttpClientStreaming, TheWriterIsHeldBackWhileThePeerTakesNothing) {
  ScriptedServer server;
  TestHttpClient client({.write_timeout = Milliseconds(50)});
  auto fault = client.begin([&]() -> Task<Fault> {
    Exchanged exchange = (co_await client.client.start(upload(server.url()))).value();
    co_return co_await write_on(*exchange);
  });
  ScriptedPeer peer = server.accept();
  EXPECT_EQ(client.wait(std::move(fault)).code, "WriteTimeout");
}

TEST(HttpClientStreaming, AnErrorEndsAWriterThatIsHeldBack) {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin([&]() -> Task<Outcome> {
    Exchanged exchange = (co_await client.client.start(upload(server.url()))).value();
    EXPECT_EQ((co_await write_on(*exchange)).code, "AnsweredEarly");
    co_return co_await receive(*exchange);
  });
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
  Outcome early = client.wait(std::move(outcome));
  EXPECT_EQ(early.status, 413);
  EXPECT_EQ(early.body, "too much");
}

TEST(HttpClientStreaming, AnErrorThatComesInPiecesEndsTheWriterToo) {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin([&]() -> Task<Outcome> {
    Exchanged exchange = (co_await client.client.start(upload(server.url()))).value();
    EXPECT_EQ((co_await write_on(*exchange)).code, "AnsweredEarly");
    co_return co_await receive(*exchange);
  });
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 50");
  peer.send("3 Busy\r\nRetry-After: 1\r");
  peer.send("\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.wait(std::move(outcome)).status, 503);
}

TEST(HttpClientStreaming, AReaderThatSeesTheErrorEndsTheWriter) {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin([&]() -> Task<Outcome> {
    Exchanged exchange = (co_await client.client.start(upload(server.url()))).value();
    TaskGroup writing;
    std::string code;
    writing.spawn(
        [](ClientExchange& exchange, std::string& code) -> Task<void> { code = (co_await write_on(exchange)).code; }(*exchange, code));
    Outcome outcome = co_await receive(*exchange);
    co_await writing.join();
    EXPECT_EQ(code, "AnsweredEarly");
    co_return outcome;
  });
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 500 x\r\nContent-Length: 4\r\n\r\noops");
  EXPECT_EQ(client.wait(std::move(outcome)).body, "oops");
}

TEST(HttpClientStreaming, AServerThatGoesEndsTheWriter) {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin([&]() -> Task<Outcome> {
    Exchanged exchange = (co_await client.client.start(upload(server.url()))).value();
    EXPECT_EQ((co_await write_on(*exchange)).code, "NoResponse");
    co_return co_await receive(*exchange);
  });
  ScriptedPeer peer = server.accept();
  peer.receive_head();
  peer.reset();
  EXPECT_EQ(client.wait(std::move(outcome)).fault.code, "NoResponse");
}

TEST(HttpClientStreaming, AResponseThatIsNotReadHoldsTheServerBack) {
  ScriptedServer server;
  TestHttpClient client;
  Gate gate;
  auto bytes = client.begin([&]() -> Task<size_t> {
    Exchanged exchange = (co_await client.client.send(get_request(server.url()))).value();
    (void)co_await gate.pass();
    size_t bytes = 0;
    for (;;) {
      auto part = co_await exchange->read_some();
      if (!part.value()) co_return bytes;
      EXPECT_LE((*part)->size(), limits::read_part_bytes_max);
      bytes += (*part)->size();
    }
  });
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n");
  size_t sent = peer.send_what_fits(std::string(50'000'000, 'x'));
  EXPECT_LT(sent, 20'000'000u);  // what the sockets hold
  gate.open();
  peer.send(std::string(50'000'000 - sent, 'x'));
  EXPECT_EQ(client.wait(std::move(bytes)), 50'000'000u);
}

}  // namespace
}  // namespace outcrop::net
