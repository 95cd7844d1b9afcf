// The client: requests and responses of every shape, against our own server and against one that says exactly what
// a test wants said.
#include "net/http_client.h"

#include <gtest/gtest.h>

#include "net/client_harness_test.h"

namespace outcrop::net {
namespace {

std::string body_of(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = char(i * 131 + i / 251);
  return bytes;
}

// Answers with what it was sent, of declared length.
Task<void> echo_whole(Exchange& exchange) {
  Result<std::string> body = co_await exchange.read_body(10'000'000);
  if (body) (void)co_await exchange.respond({200, {{"x-method", exchange.head().method}}}, std::move(*body));
}

// Echoes part by part, while they come, in chunks.
Task<void> echo_parts(Exchange& exchange) {
  if (!co_await exchange.start({200})) co_return;
  for (;;) {
    Result<std::optional<std::string>> part = co_await exchange.read_some();
    if (!part) co_return;
    if (!*part) break;
    if (!co_await exchange.write(**part)) co_return;
  }
  (void)co_await exchange.finish(exchange.trailers());
}

TEST(HttpClient, BodiesOfEverySizeGoAndComeWhole) {
  TestServer whole(echo_whole), streamed(echo_parts);
  TestHttpClient client;
  for (TestServer* server : {&whole, &streamed}) {
    for (size_t size : {0, 1, 15, 16, 1900, 2048, 2049, 70'000, 3'000'000}) {
      std::string body = body_of(size);
      Outcome outcome = client.fetch_now(post_request(url_of(server->endpoint), body));
      EXPECT_EQ(outcome.status, 200) << outcome.fault.message;
      EXPECT_TRUE(outcome.body == body) << size;
    }
  }
  EXPECT_EQ(client.stats().opened, 2u);
}

TEST(HttpClient, TheRequestIsWrittenAsItWasGiven) {
  ScriptedServer server;
  TestHttpClient client;
  ClientRequest request{
      .method = "PATCH", .url = server.url("/a%20b?x=%2F&y"), .headers = {{"X-Case", "kept"}, {"content-length", "99"}}, .body = "{}"};
  auto outcome = client.begin_fetch(request);
  ScriptedPeer peer = server.accept();
  EXPECT_EQ(peer.receive_head(),
            fmt::format("PATCH /a%20b?x=%2F&y HTTP/1.1\r\nhost: {}\r\nX-Case: kept\r\ncontent-length: 2\r\n\r\n", server.endpoint.text()));
  EXPECT_EQ(peer.receive_bytes(2), "{}");
  peer.send("HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(client.wait(std::move(outcome)).status, 204);
}

TEST(HttpClient, APartIsGivenWhenItArrives) {
  ScriptedServer server;
  TestHttpClient client;
  std::promise<std::string> first, second;
  auto done = client.begin([&]() -> Task<void> {
    auto exchange = co_await client.client.send(get_request(server.url()));
    first.set_value((co_await (*exchange)->read_some()).value().value());
    second.set_value((co_await (*exchange)->read_some()).value().value());
  });
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  EXPECT_EQ(client.wait(first.get_future()), "hello");
  peer.send("6\r\n world\r\n");
  EXPECT_EQ(client.wait(second.get_future()), " world");
  client.wait(std::move(done));
}

// What one scripted response is taken for.
Outcome taken_for(std::string_view response, std::string method = "GET") {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin_fetch({.method = std::move(method), .url = server.url()});
  ScriptedPeer peer = server.accept();
  peer.answer(response);
  peer.shut_down_writing();
  return client.wait(std::move(outcome));
}

TEST(HttpClient, ABodyMayEndWithItsConnection) {
  Outcome outcome = taken_for("HTTP/1.0 200 OK\r\n\r\nuntil the end");
  EXPECT_EQ(outcome.status, 200);
  EXPECT_EQ(outcome.body, "until the end");
}

TEST(HttpClient, TrailersFollowAChunkedBody) {
  Outcome outcome = taken_for("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n");
  EXPECT_EQ(outcome.body, "abc");
  EXPECT_EQ(outcome.trailers.get("x-sum"), "7");
}

TEST(HttpClient, InterimResponsesArePassedOver) {
  Outcome outcome = taken_for(
      "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(outcome.status, 200);
  EXPECT_EQ(outcome.body, "ok");
  EXPECT_EQ(outcome.headers.find("link"), nullptr);
}

TEST(HttpClient, SomeResponsesHaveNoBodyWhateverTheySay) {
  EXPECT_EQ(taken_for("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD").fault.code, "");
  EXPECT_EQ(taken_for("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").fault.code, "");
  EXPECT_EQ(taken_for("HTTP/1.1 204 No Content\r\n\r\n").fault.code, "");
}

TEST(HttpClient, WhatCannotBeWrittenIsRefusedBeforeAnythingIsSent) {
  ScriptedServer server;
  TestHttpClient client;
  EXPECT_EQ(client.fetch_now({.method = "GET /", .url = server.url()}).fault.code, "InvalidRequest");
  EXPECT_EQ(client.fetch_now({.method = "CONNECT", .url = server.url()}).fault.code, "InvalidRequest");
  EXPECT_EQ(client.fetch_now(get_request(server.url("/a b"))).fault.code, "InvalidRequest");
  EXPECT_EQ(client.fetch_now(get_request(server.url("no-path"))).fault.code, "InvalidRequest");
  EXPECT_EQ(client.fetch_now({.url = server.url(), .headers = {{"a", "b\r\nc: d"}}}).fault.code, "InvalidRequest");
  EXPECT_EQ(client.fetch_now({.url = server.url(), .headers = {{"a b", "c"}}}).fault.code, "InvalidRequest");
  EXPECT_EQ(client.fetch_now({.url = server.url(), .headers = {{"host", "a"}, {"Host", "b"}}}).fault.code, "InvalidRequest");
  EXPECT_FALSE(server.has_waiting());
}

TEST(HttpClient, AHostOfTheCallersReplacesTheUrls) {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin_fetch({.url = server.url(), .headers = {{"Host", "signed.example"}}});
  ScriptedPeer peer = server.accept();
  EXPECT_EQ(peer.receive_head(), "GET / HTTP/1.1\r\nHost: signed.example\r\n\r\n");
  peer.send("HTTP/1.1 204 x\r\n\r\n");
  client.wait(std::move(outcome));
}

TEST(HttpClient, TheBodyWaitsForAnInvitation) {
  ScriptedServer server;
  TestHttpClient client({.continue_timeout = Milliseconds(20'000)});
  ClientRequest request = post_request(server.url(), "body");
  request.expect_continue = true;
  auto outcome = client.begin_fetch(request);
  ScriptedPeer peer = server.accept();
  EXPECT_NE(peer.receive_head().find("expect: 100-continue\r\n"), std::string::npos);
  peer.send("HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(peer.receive_bytes(4), "body");
  peer.send("HTTP/1.1 204 x\r\n\r\n");
  EXPECT_EQ(client.wait(std::move(outcome)).status, 204);
}

TEST(HttpClient, ABodyThatIsNotInvitedStaysWhereItIs) {
  ScriptedServer server;
  TestHttpClient client({.continue_timeout = Milliseconds(20'000)});
  ClientRequest request = post_request(server.url(), "body");
  request.expect_continue = true;
  auto outcome = client.begin_fetch(request);
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
  EXPECT_EQ(client.wait(std::move(outcome)).body, "no");
  EXPECT_EQ(peer.receive_rest(), "");  // and the connection is of no more use
}

TEST(HttpClient, AServerThatDoesNotKnowInvitationsGetsTheBody) {
  ScriptedServer server;
  TestHttpClient client({.continue_timeout = Milliseconds(1)});
  ClientRequest request = post_request(server.url(), "body");
  request.expect_continue = true;
  auto outcome = client.begin_fetch(request);
  ScriptedPeer peer = server.accept();
  peer.receive_head();
  EXPECT_EQ(peer.receive_bytes(4), "body");
  peer.send("HTTP/1.1 204 x\r\n\r\n");
  EXPECT_EQ(client.wait(std::move(outcome)).status, 204);
}

TEST(HttpClient, AnAnswerBeforeTheEndOfTheRequestIsGiven) {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin_fetch(post_request(server.url(), std::string(50'000'000, 'x')));  // more than sockets hold
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
  Outcome early = client.wait(std::move(outcome));
  EXPECT_EQ(early.status, 413);
  EXPECT_EQ(early.body, "too much");
  peer.receive_rest();  // ends: the rest is not sent
  client.close();
  EXPECT_EQ(client.client.stats().connections, 0u);
}

}  // namespace
}  // namespace outcrop::net
