// Exchanges: bodies and answers, whole and streamed, and peers that do not keep up.
#include "net/http1/exchange.h"

#include <gtest/gtest.h>

#include "net/harness_test.h"

namespace outcrop::net {
namespace {

// Answers with the body, or with the fault's status and code.
FunctionHandler::Function echo_body(size_t limit) {
  return [limit](Exchange& exchange) -> Task<void> {
    Result<std::string> body = co_await exchange.read_body(limit);
    if (body) {
      (void)co_await exchange.respond({200}, std::move(*body));
    } else {
      (void)co_await exchange.respond({body.error().status}, body.error().code);
    }
  };
}

// Echoes part by part, while they come.
Task<void> echo_stream(Exchange& exchange) {
  if (!co_await exchange.start({200}, exchange.content_length())) co_return;
  for (;;) {
    Result<std::optional<std::string>> part = co_await exchange.read_some();
    if (!part) co_return;
    if (!*part) break;
    if (!co_await exchange.write(**part)) co_return;
  }
  (void)co_await exchange.finish(exchange.trailers());
}

std::string bytes_of_every_kind(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = char(i * 131 + i / 251);
  return bytes;
}

TEST(Http1Exchange, BodiesOfEverySizeArriveWhole) {
  TestServer server(echo_body(10'000'000));
  TestClient client(server);
  for (size_t size : {0, 1, 15, 16, 17, 22, 29, 30, 31, 1900, 2048, 2049, 70'000, 3'000'000}) {
    std::string body = bytes_of_every_kind(size);
    std::thread sender([&] { client.send(http1_post(body)); });
    auto response = client.receive();
    sender.join();
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.body == body) << size;
  }
  server.shutdown(Milliseconds(0));
  EXPECT_EQ(server.budget.bytes_held(), 0u);
}

TEST(Http1Exchange, ChunkedBodiesArriveWholeBothWays) {
  TestServer server(echo_body(10'000'000));
  TestServer streaming(echo_stream);
  std::string body = bytes_of_every_kind(300'000), chunks;
  for (size_t at = 0, size = 1; at < body.size(); at += size, size = size * 7 % 9001 + 1) {
    std::string_view chunk = std::string_view(body).substr(at, size);
    chunks += fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
  }
  std::string request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\nX-Sum: 7\r\n\r\n";
  for (TestServer* each : {&server, &streaming}) {
    TestClient client(*each);
    std::thread sender([&] { client.send(request + request); });
    for (int i = 0; i < 2; ++i) {
      auto response = client.receive();
      EXPECT_TRUE(response.body == body);
      if (each == &streaming) EXPECT_EQ(response.trailers.get("x-sum"), "7");
    }
    sender.join();
  }
}

TEST(Http1Exchange, AStreamedPartIsForwardedWhenItArrives) {
  TestServer server(echo_stream);
  TestClient client(server);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
  // What the client says next follows the echo of what it said first.
  EXPECT_EQ(client.receive(true).headers.get("content-length"), "10");
  EXPECT_EQ(client.receive_bytes(5), "hello");
  client.send("world");
  EXPECT_EQ(client.receive_bytes(5), "world");
}

TEST(Http1Exchange, TheExpectationIsAnsweredWhenTheBodyIsWanted) {
  TestServer server(echo_body(100));
  TestClient client(server);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  client.send("hello");
  EXPECT_EQ(client.receive().body, "hello");
  EXPECT_EQ(client.exchange(http1_post("again")).body, "again");
}

TEST(Http1Exchange, ABodyAboveTheLimitIsRefusedBeforeItIsSent) {
  TestServer server(echo_body(100));
  TestClient client(server);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
  auto response = client.receive();
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.headers.get("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Http1Exchange, AClientThatSendsALargeBodyAnywaySeesTheAnswer) {
  TestServer server(echo_body(100));
  TestClient client(server);
  client.send(http1_post(std::string(8'000'000, 'x')));  // more than the socket buffers hold
  EXPECT_EQ(client.receive().status, 413);
  client.shut_down_writing();
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Http1Exchange, ASmallRestOfABodyIsReadOverToKeepTheConnection) {
  TestServer server(echo_body(100));
  TestClient client(server);
  EXPECT_EQ(client.exchange(http1_post(std::string(5000, 'x'))).status, 413);
  EXPECT_EQ(client.exchange(http1_post("small")).body, "small");
}

TEST(Http1Exchange, AChunkedBodyAboveTheLimitIsRefused) {
  TestServer server(echo_body(20'000));
  TestClient client(server);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n" + std::string(20'000, 'x') + "\r\n1\r\nx\r\n");
  EXPECT_EQ(client.receive().status, 413);
}

TEST(Http1Exchange, ABrokenBodyIsRefusedAndEndsTheConnection) {
  TestServer server(echo_body(100));
  TestClient client(server);
  client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
  auto response = client.receive();
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "BadRequest");
  EXPECT_EQ(client.receive_rest(), "");
}

TEST(Http1Exchange, ABodyThatStopsComingIsAnswered408) {
  TestServer server({.options = {.body_timeout = Milliseconds(50)}}, echo_body(100));
  TestClient client(server);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
  auto response = client.receive();
  EXPECT_EQ(response.status, 408);
  EXPECT_EQ(response.body, "RequestTimeout");
}

TEST(Http1Exchange, ABodyThatTricklesIsAnswered408) {
  TestServer server({.options = {.body_timeout = Milliseconds(100), .body_bytes_per_second_min = 1'000'000}}, echo_body(1'000'000));
  TestClient client(server);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
  std::atomic<bool> answered = false;
  std::thread trickle([&] {
    while (!answered) client.send("x");
  });
  EXPECT_EQ(client.receive().status, 408);
  answered = true;
  trickle.join();
}

TEST(Http1Exchange, WithoutALeastRateEveryByteBuysTheWholeTime) {
  TestServer server({.options = {.body_timeout = Milliseconds(200), .body_bytes_per_second_min = 0}}, echo_body(1000));
  TestClient client(server);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  for (int i = 0; i < 1000; ++i) client.send("x");
  EXPECT_EQ(client.receive().body.size(), 1000u);
}

TEST(Http1Exchange, ABodyThatEndsEarlyIsIncomplete) {
  TestServer server(echo_body(100));
  TestClient client(server);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
  client.shut_down_writing();
  auto response = client.receive();
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "IncompleteBody");
}

TEST(Http1Exchange, HeadAndBodilessStatusesHaveNoBody) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    int status = std::stoi(exchange.head().path.substr(1));
    if (exchange.head().query == "streamed") {
      (void)co_await exchange.start({status}, 12345);
      if (status != 204) (void)co_await exchange.write("not sent");
      (void)co_await exchange.finish();
    } else {
      (void)co_await exchange.respond({status}, "never seen");
    }
  });
  TestClient client(server);
  client.send("HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /200?streamed HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.receive(true).headers.get("content-length"), "10");
  EXPECT_EQ(client.receive(true).headers.get("content-length"), "12345");
  for (auto status : {"204", "304"}) {
    auto response = client.exchange(fmt::format("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", status));
    EXPECT_EQ(std::to_string(response.status), status);
    EXPECT_EQ(response.headers.find("content-length"), nullptr);
  }
  EXPECT_EQ(client.exchange("GET /200 HTTP/1.1\r\nHost: a\r\n\r\n").body, "never seen");
}

TEST(Http1Exchange, AStreamForHttp10EndsWithTheConnection) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start({200});
    (void)co_await exchange.write("one ");
    (void)co_await exchange.write("two");
    (void)co_await exchange.finish();
  });
  TestClient client(server);
  auto response = client.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(response.headers.get("connection"), "close");
  EXPECT_EQ(response.body, "one two");
}

TEST(Http1Exchange, AnUnfinishedAnswerDoesNotLookFinished) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start({200}, exchange.head().path == "/short" ? std::optional<uint64_t>(10) : std::nullopt);
    (void)co_await exchange.write("half");
    if (exchange.head().path == "/short") EXPECT_FALSE((co_await exchange.finish()).has_value());
  });
  for (auto path : {"/short", "/left"}) {
    TestClient client(server);
    client.send(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", path));
    EXPECT_FALSE(client.receive_rest().ends_with("0\r\n\r\n"));
  }
}

TEST(Http1Exchange, AbortingDropsTheConnectionWithoutAWord) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    exchange.abort();
    co_return;
  });
  TestClient client(server);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(client.is_closed_by_server());
}

// Writes 64 MiB; says how much was taken when a write failed.
Task<size_t> write_much(Exchange& exchange) {
  std::string part(65536, 'x');
  size_t written = 0;
  (void)co_await exchange.start({200});
  while (written < 64u << 20) {
    Result<void> taken = co_await exchange.write(part);
    if (!taken) co_return written;
    written += part.size();
  }
  (void)co_await exchange.finish();
  co_return written;
}

TEST(Http1Exchange, AWriterIsHeldBackByAPeerThatDoesNotRead) {
  std::atomic<size_t> written = 0;
  Gate failed;
  TestServer server({.options = {.write_timeout = Milliseconds(100)}}, [&](Exchange& exchange) -> Task<void> {
    written = co_await write_much(exchange);
    co_await failed.pass();
  });
  TestClient client(server.endpoint, 4096);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  failed.wait_for_arrivals(1);
  failed.open();
  EXPECT_LT(written, 8u << 20);
}

TEST(Http1Exchange, AnswersThatNobodyTakesAreGivenUpWhenTheyAreTooMany) {
  Gate failed;
  TestServer server({.options = {.held_answer_bytes_max = 1'000, .pressed_write_timeout = Milliseconds(50)}},
                    [&](Exchange& exchange) -> Task<void> {
                      co_await write_much(exchange);
                      co_await failed.pass();
                    });
  TestClient client(server.endpoint, 4096);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  failed.wait_for_arrivals(1);
  failed.open();
}

TEST(Http1Exchange, AWriterGoesOnWhenThePeerReads) {
  TestServer server([](Exchange& exchange) -> Task<void> { co_await write_much(exchange); });
  TestClient client(server.endpoint, 4096);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.receive().body.size(), 64u << 20);
}

TEST(Http1Exchange, BodiesWaitForMemoryInTheOrderTheyCame) {
  Gate gate;
  std::atomic<size_t> held_max = 0;
  TestServer server({.budget_bytes = 20'000}, [&](Exchange& exchange) -> Task<void> {
    Result<std::string> body = co_await exchange.read_body(1'000'000);
    held_max = std::max(held_max.load(), server.budget.bytes_held());
    co_await gate.pass();
    (void)co_await exchange.respond({200}, body->substr(0, 1));
  });
  std::vector<TestClient> clients;
  for (char c = 'a'; c < 'f'; ++c) {
    clients.emplace_back(server);
    clients.back().send(http1_post(std::string(12'000, c)));
  }
  gate.wait_for_arrivals(1);
  gate.open();
  for (char c = 'a'; c < 'f'; ++c) EXPECT_EQ(clients[size_t(c - 'a')].receive().body, std::string(1, c));
  EXPECT_EQ(held_max, 12'000u);
  server.shutdown(Milliseconds(0));
  EXPECT_EQ(server.budget.bytes_held(), 0u);
}

TEST(Http1Exchange, BodiesThatAreOnlyAnnouncedHoldLittle) {
  TestServer server({.budget_bytes = 100'000}, [](Exchange& exchange) -> Task<void> {
    Result<std::string> body = co_await exchange.read_body(1'000'000);
    (void)co_await exchange.respond({200}, fmt::format("{}", body ? body->size() : 0));
  });
  std::vector<TestClient> slow;
  for (int i = 0; i < 5; ++i) {
    slow.emplace_back(server);
    slow.back().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(slow.back().receive().status, 100);
    slow.back().send("x");
  }
  TestClient quick(server);
  EXPECT_EQ(quick.exchange(http1_post(std::string(10'000, 'x'))).body, "10000");
  for (TestClient& client : slow) client.send(std::string(89'999, 'x'));
  for (TestClient& client : slow) EXPECT_EQ(client.receive().body, "90000");
}

TEST(Http1Exchange, BodyMemoryMayBeGivenBackEarly) {
  Gate gate;
  TestServer server({.budget_bytes = 100'000}, [&](Exchange& exchange) -> Task<void> {
    Result<std::string> body = co_await exchange.read_body(1'000'000);
    exchange.release_body_budget();
    co_await gate.pass();
    (void)co_await exchange.respond({200}, "");
  });
  TestClient one(server), other(server);
  one.send(http1_post(std::string(60'000, 'x')));
  other.send(http1_post(std::string(60'000, 'x')));
  gate.wait_for_arrivals(2);
  gate.open();
  EXPECT_EQ(one.receive().status, 200);
  EXPECT_EQ(other.receive().status, 200);
}

TEST(Http1Exchange, AWaitForMemoryHasABound) {
  Gate gate;
  TestServer server({.options = {.budget_timeout = Milliseconds(50)}, .budget_bytes = 10}, [&](Exchange& exchange) -> Task<void> {
    Result<std::string> body = co_await exchange.read_body(100);
    if (body) co_await gate.pass();
    (void)co_await exchange.respond({body ? 200 : body.error().status}, "");
  });
  TestClient one(server), other(server);
  one.send(http1_post("12345678"));
  gate.wait_for_arrivals(1);
  EXPECT_EQ(other.exchange(http1_post("12345678")).status, 503);
  gate.open();
  EXPECT_EQ(one.receive().status, 200);
}

}  // namespace
}  // namespace outcrop::net
