// The client: requests and responses of every shape, against our own server and against one that says exactly what
// a test wants said.
#include "net/http_client.h"

#include <gtest/gtest.h>

#include "net/client_harness_test.h"

namespace outcrop::net {
namespace {

std::string bytes_of_every_kind(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = char(i * 131 + i / 251);
  return bytes;
}

// Answers with what it was sent, of declared length.
Task<void> echo(Exchange& exchange) {
  Result<std::string> body = co_await exchange.read_body(10'000'000);
  if (body) (void)co_await exchange.respond({200, {{"x-method", exchange.head().method}}}, std::move(*body));
}

// Echoes part by part, while they come, in chunks.
Task<void> echo_stream(Exchange& exchange) {
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
  TestServer whole(echo), streamed(echo_stream);
  TestHttpClient client;
  for (TestServer* server : {&whole, &streamed}) {
    for (size_t size : {0, 1, 15, 16, 1900, 2048, 2049, 70'000, 3'000'000}) {
      std::string body = bytes_of_every_kind(size);
      Outcome outcome = client.fetch_now(post(url_of(server->endpoint), body));
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
  auto read = [&](Url url) -> Task<void> {
    auto exchange = co_await client.client.send(get(url));
    first.set_value((co_await (*exchange)->read_some()).value().value());
    second.set_value((co_await (*exchange)->read_some()).value().value());
  };
  auto done = client.begin(read(server.url()));
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  EXPECT_EQ(client.wait(first.get_future()), "hello");
  peer.send("6\r\n world\r\n");
  EXPECT_EQ(client.wait(second.get_future()), " world");
  client.wait(std::move(done));
}

}  // namespace
}  // namespace outcrop::net
