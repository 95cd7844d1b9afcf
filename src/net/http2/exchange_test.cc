// What an exchange is over HTTP/2: the same as over HTTP/1.1, and what is its own.
#include "net/http2/exchange.h"

#include <gtest/gtest.h>

#include "net/http2/client_test.h"

namespace outcrop::net {
namespace {

using Body = std::optional<std::string>;

TEST(Http2Exchange, AHeadIsWhatTheWireSays) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    const RequestHead& head = exchange.head();
    std::string said = fmt::format("{} {} {} {} {}.{} {} {}", head.method, head.path, head.query, head.host, head.http_major,
                                   head.http_minor, head.tls, head.peer.is_loopback);
    for (const Header& header : head.headers) said += fmt::format("\n{}: {}", header.name, header.value);
    (void)co_await exchange.respond({200}, said);
  });
  Http2Client client(server);
  Headers fields = Http2Client::request("PUT", "/a%20b/c?x=%31&y", {{"x-one", "1"}, {"cookie", "a=1"}, {"x-two", "2"}, {"cookie", "b=2"}});
  EXPECT_EQ(client.exchange(1, fields).body, "PUT /a%20b/c x=%31&y localhost 2.0 false true\nx-one: 1\nx-two: 2\ncookie: a=1; b=2");
}

TEST(Http2Exchange, TheHostFieldStandsInForAMissingAuthority) {
  TestServer server([](Exchange& exchange) -> Task<void> { (void)co_await exchange.respond({200}, exchange.head().host); });
  Http2Client client(server);
  EXPECT_EQ(client.exchange(1, {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {"host", "example:80"}}).body, "example:80");
}

TEST(Http2Exchange, AnAnswerHasItsFieldsInLowerCaseWithDateAndLength) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    ResponseHead head{
        201, {{"X-Name", "a\r\nb: c"}, {"Connection", "keep-alive"}, {"Transfer-Encoding", "chunked"}, {"bad name", "x"}, {"Date", "x"}}};
    (void)co_await exchange.respond(std::move(head), "hello");
  });
  Http2Client client(server);
  auto& response = client.exchange(1, Http2Client::request("GET", "/"));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.data_frames, 1u);
  EXPECT_EQ(response.headers.get("x-name"), "a  b: c");
  EXPECT_EQ(response.headers.get("content-length"), "5");
  EXPECT_EQ(response.headers.get("date").size(), 29u);
  EXPECT_EQ(response.headers.size(), 4u);  // with :status
}

TEST(Http2Exchange, HeadAndStatusesWithoutABodyEndWithTheirFields) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    int status = exchange.head().path == "/204" ? 204 : exchange.head().path == "/304" ? 304 : 200;
    (void)co_await exchange.respond({status}, "12345");
  });
  Http2Client client(server);
  auto& to_head = client.exchange(1, Http2Client::request("HEAD", "/"));
  EXPECT_EQ(to_head.headers.get("content-length"), "5");
  EXPECT_EQ(to_head.data_frames, 0u);
  for (uint32_t stream : {3u, 5u}) {
    auto& response = client.exchange(stream, Http2Client::request("GET", stream == 3 ? "/204" : "/304"));
    EXPECT_EQ(response.status, stream == 3 ? 204 : 304);
    EXPECT_EQ(response.data_frames, 0u);
    EXPECT_EQ(response.headers.find("content-length"), nullptr);
  }
}

TEST(Http2Exchange, EachWriteLeavesAtOnce) {
  Gate gate;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start({200});
    (void)co_await exchange.write("one");
    co_await gate.pass();
    (void)co_await exchange.write("two");
    (void)co_await exchange.finish({{"X-Sum", "6"}, {"content-length", "9"}});
  });
  Http2Client client(server);
  client.get(1);
  client.until([&] { return client.at(1).body == "one"; });
  EXPECT_EQ(client.at(1).headers.find("content-length"), nullptr);
  EXPECT_FALSE(client.at(1).ended);
  gate.open();
  auto& response = client.receive(1);
  EXPECT_EQ(response.body, "onetwo");
  EXPECT_EQ(response.trailers.get("x-sum"), "6");
  EXPECT_EQ(response.trailers.size(), 1u);
}

TEST(Http2Exchange, ADeclaredLengthIsKeptToOrTheStreamIsReset) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start({200}, 4);
    Result<void> written = co_await exchange.write(exchange.head().path == "/more" ? "12345" : "12");
    if (exchange.head().path == "/exact") (void)co_await exchange.write("34");
    if (written) (void)co_await exchange.finish();
  });
  Http2Client client(server);
  EXPECT_EQ(client.exchange(1, Http2Client::request("GET", "/exact")).body, "1234");
  EXPECT_EQ(client.at(1).headers.get("content-length"), "4");
  EXPECT_EQ(client.exchange(3, Http2Client::request("GET", "/more")).reset, 2u);
  EXPECT_EQ(client.exchange(5, Http2Client::request("GET", "/fewer")).reset, 2u);
  EXPECT_EQ(client.exchange(7, Http2Client::request("GET", "/exact")).body, "1234");
}

TEST(Http2Exchange, ABodyIsReadWholeWithItsTrailers) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    auto length = exchange.content_length();
    auto body = co_await exchange.read_body(1 << 20);
    std::string trailer(exchange.trailers().get("x-sum"));
    (void)co_await exchange.respond({200}, fmt::format("{} {} {}", body->size(), length ? int64_t(*length) : -1, trailer));
  });
  Http2Client client(server);
  client.send_request(1, Http2Client::post("/"), false);
  client.send_data(1, std::string(30'000, 'a'), false);
  client.send_data(1, std::string(20'000, 'b'), false);
  client.send_request(1, {{"x-sum", "9"}}, true);
  EXPECT_EQ(client.receive(1).body, "50000 -1 9");
  client.send_request(3, Http2Client::post("/", {{"content-length", "5"}}), false);
  client.synchronise();
  client.send_data(3, "12345", true);
  EXPECT_EQ(client.receive(3).body, "5 5 ");
  EXPECT_EQ(client.exchange(5, Http2Client::post("/")).body, "0 -1 ");
}

TEST(Http2Exchange, ALargeBodyComesAsFastAsItsWindowIsGivenBack) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    auto body = co_await exchange.read_body(1 << 20);
    (void)co_await exchange.respond({200}, fmt::format("{}", body->size()));
  });
  Http2Client client(server);
  client.send_request(1, Http2Client::post("/", {{"content-length", "200000"}}), false);
  for (uint64_t sent = 0; sent < 200'000; sent += 10'000) {
    client.until([&] { return client.at(1).window_given + 65535 >= sent + 10'000 && client.at(0).window_given + 65535 >= sent + 10'000; });
    client.send_data(1, std::string(10'000, 'x'), sent == 190'000);
  }
  EXPECT_EQ(client.receive(1).body, "200000");
}

TEST(Http2Exchange, AStreamsWindowIsGivenBackOnlyByReading) {
  Gate gate;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    co_await gate.pass();
    uint64_t bytes = 0;
    for (;;) {
      Result<Body> part = co_await exchange.read_some();
      if (!part || !*part) break;
      EXPECT_LE((*part)->size(), 65535u);
      bytes += (*part)->size();
    }
    (void)co_await exchange.respond({200}, fmt::format("{}", bytes));
  });
  Http2Client client(server);
  client.send_request(1, Http2Client::post("/"), false);
  client.send_data(1, std::string(65'535, 'x'), false);
  client.synchronise();
  EXPECT_EQ(client.at(1).window_given, 0u);
  EXPECT_GE(client.at(0).window_given, 32'000u);  // others may go on
  gate.open();
  client.until([&] { return client.at(1).window_given > 0; });
  client.send_data(1, "end", true);
  EXPECT_EQ(client.receive(1).body, "65538");
}

TEST(Http2Exchange, ABodyAboveTheLimitIsRefusedEarlyAndTheClientToldToStop) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    auto body = co_await exchange.read_body(1'000);
    (void)co_await exchange.respond({body ? 200 : body.error().status}, body ? "" : body.error().code);
  });
  Http2Client client(server);
  client.send_request(1, Http2Client::post("/", {{"content-length", "1001"}}), false);
  client.until([&] { return client.at(1).reset.has_value(); });
  EXPECT_EQ(client.at(1).status, 413);
  EXPECT_EQ(client.at(1).body, "RequestEntityTooLarge");
  EXPECT_EQ(client.at(1).reset, 0u);
  client.send_request(3, Http2Client::post("/"), false);
  client.send_data(3, std::string(1'001, 'x'), false);
  EXPECT_EQ(client.receive(3).status, 413);
  client.get(5);
  EXPECT_EQ(client.receive(5).status, 200);
}

TEST(Http2Exchange, AskedTo100ContinueItDoesSoWhenTheBodyIsWanted) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    if (exchange.head().path == "/no") {
      (void)co_await exchange.respond({403}, "");
      co_return;
    }
    auto body = co_await exchange.read_body(100);
    (void)co_await exchange.respond({200}, *body);
  });
  Http2Client client(server);
  client.send_request(1, Http2Client::post("/yes", {{"expect", "100-continue"}, {"content-length", "5"}}), false);
  client.until([&] { return !client.at(1).interim.empty(); });
  EXPECT_EQ(client.at(1).interim, std::vector{100});
  client.send_data(1, "hello", true);
  EXPECT_EQ(client.receive(1).body, "hello");
  client.send_request(3, Http2Client::post("/no", {{"expect", "100-continue"}, {"content-length", "5"}}), false);
  EXPECT_EQ(client.receive(3).status, 403);
  EXPECT_TRUE(client.at(3).interim.empty());
}

TEST(Http2Exchange, AnUnansweredExchangeIsAnswered500AndAnAbortedOneReset) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    if (exchange.head().path == "/abort") exchange.abort();
    if (exchange.head().path == "/throw") throw std::runtime_error("a bug");
    co_return;
  });
  Http2Client client(server);
  EXPECT_EQ(client.exchange(1, Http2Client::request("GET", "/")).status, 500);
  EXPECT_EQ(client.exchange(3, Http2Client::request("GET", "/throw")).status, 500);
  EXPECT_EQ(client.exchange(5, Http2Client::request("GET", "/abort")).reset, 2u);
  EXPECT_EQ(client.at(5).status, 0);
}

TEST(Http2Exchange, APeersResetStopsItsTokenAndFailsItsWrites) {
  Gate gate;
  std::string seen;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    if (exchange.head().path != "/wait") {
      (void)co_await exchange.respond({200}, "still here");
      co_return;
    }
    (void)co_await exchange.start({200});
    bool open = co_await gate.pass(exchange.stop_token());
    Result<void> written = co_await exchange.write("nobody reads this");
    seen = fmt::format("{} {}", open, written ? "written" : written.error().code);
  });
  Http2Client client(server);
  client.get(1, "/wait");
  gate.wait_for_arrivals(1);
  client.reset(1);
  EXPECT_EQ(client.exchange(3, Http2Client::request("GET", "/")).body, "still here");
  server.shutdown(Milliseconds(5'000));
  EXPECT_EQ(seen, "false ConnectionClosed");
}

TEST(Http2Exchange, ABodyThatIsResetOrCutOffFaults) {
  std::mutex mutex;
  std::vector<std::string> codes;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    auto body = co_await exchange.read_body(1'000);
    std::lock_guard lock(mutex);
    codes.push_back(body ? "whole" : body.error().code);
  });
  {
    Http2Client client(server);
    client.send_request(1, Http2Client::post("/"), false);
    client.send_data(1, "some", false);
    client.synchronise();
    client.reset(1);
    client.synchronise();
    client.send_request(3, Http2Client::post("/"), false);
    client.send_data(3, "some", false);
    client.synchronise();
    client.socket().shut_down_writing();
    client.receive_rest();
    EXPECT_EQ(client.at(3).status, 500);  // still answered
  }
  server.shutdown(Milliseconds(5'000));
  EXPECT_EQ(codes, (std::vector<std::string>{"ConnectionClosed", "IncompleteBody"}));
}

TEST(Http2Exchange, ABodyThatIsNotAsLongAsDeclaredIsAProtocolError) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    auto body = co_await exchange.read_body(1'000);
    (void)co_await exchange.respond({200}, "");
  });
  Http2Client client(server);
  client.send_request(1, Http2Client::post("/", {{"content-length", "3"}}), false);
  client.send_data(1, "1234", true);
  EXPECT_EQ(client.receive(1).reset, 1u);
  client.send_request(3, Http2Client::post("/", {{"content-length", "3"}}), false);
  client.send_data(3, "12", true);
  EXPECT_EQ(client.receive(3).reset, 1u);
}

TEST(Http2Exchange, ABodyThatDoesNotComeIsTimedOut) {
  TestServer server({.options = {.body_timeout = Milliseconds(50)}}, [](Exchange& exchange) -> Task<void> {
    auto body = co_await exchange.read_body(1'000);
    (void)co_await exchange.respond({body ? 200 : body.error().status}, body ? "" : body.error().code);
  });
  Http2Client client(server);
  client.send_request(1, Http2Client::post("/", {{"content-length", "3"}}), false);
  client.send_data(1, "1", false);
  EXPECT_EQ(client.receive(1).body, "RequestTimeout");
  EXPECT_EQ(client.at(1).status, 408);
}

TEST(Http2Exchange, UpgradeIsImpossible) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    auto channel = co_await exchange.upgrade({{"upgrade", "websocket"}});
    (void)co_await exchange.respond({400}, channel.error().code);
  });
  Http2Client client(server);
  EXPECT_EQ(client.exchange(1, Http2Client::request("GET", "/")).body, "UpgradeImpossible");
}

TEST(Http2Exchange, BodiesThatAreOnlyAnnouncedHoldLittle) {
  TestServer server({.budget_bytes = 100'000}, [](Exchange& exchange) -> Task<void> {
    auto body = co_await exchange.read_body(1'000'000);
    (void)co_await exchange.respond({200}, fmt::format("{}", body ? body->size() : 0));
  });
  Http2Client client(server);
  for (uint32_t stream = 1; stream < 10; stream += 2) {
    client.send_request(stream, Http2Client::post("/", {{"content-length", "50000"}}), false);
    client.send_data(stream, "x", false);
  }
  client.send_request(11, Http2Client::post("/", {{"content-length", "10000"}}), false);
  client.send_data(11, std::string(10'000, 'x'), true);
  EXPECT_EQ(client.receive(11).body, "10000");
  for (uint32_t stream = 1; stream < 10; stream += 2) client.send_data(stream, std::string(49'999, 'x'), true);
  for (uint32_t stream = 1; stream < 10; stream += 2) EXPECT_EQ(client.receive(stream).body, "50000");
}

TEST(Http2Exchange, BodiesWaitForTheBudgetAndGiveItBack) {
  TestServer server({.budget_bytes = 1'000}, [](Exchange& exchange) -> Task<void> {
    auto body = co_await exchange.read_body(10'000);
    (void)co_await exchange.respond({200}, fmt::format("{}", body->size()));
  });
  Http2Client client(server);
  for (uint32_t stream = 1; stream < 20; stream += 2) {
    client.send_request(stream, Http2Client::post("/", {{"content-length", "900"}}), false);
    client.send_data(stream, std::string(900, 'x'), true);
  }
  for (uint32_t stream = 1; stream < 20; stream += 2) EXPECT_EQ(client.receive(stream).body, "900");
  server.shutdown(Milliseconds(0));
  EXPECT_EQ(server.budget.bytes_held(), 0u);
}

}  // namespace
}  // namespace outcrop::net
