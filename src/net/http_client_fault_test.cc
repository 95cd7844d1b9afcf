// How requests fail: servers that are hostile, late or gone, requests that are cancelled, and what a fault says.
#include <gtest/gtest.h>

#include "net/client_harness_test.h"

namespace outcrop::net {
namespace {

// What comes of a request that is answered with these bytes and then the end of the connection.
Fault fault_of(std::string_view response, ClientOptions options = {}, bool reset = false) {
  ScriptedServer server;
  TestHttpClient client(std::move(options));
  auto outcome = client.begin_fetch(get_request(server.url()));
  ScriptedPeer peer = server.accept();
  peer.answer(response);
  if (reset) peer.reset();
  peer.shut_down_writing();
  return client.wait(std::move(outcome)).fault;
}

TEST(HttpClientFault, NobodyListens) {
  Url url = ScriptedServer().url();  // gone again
  TestHttpClient client;
  Fault fault = client.fetch_now(get_request(url)).fault;
  EXPECT_EQ(fault.code, "ConnectionRefused");
  EXPECT_EQ(fault.status, 502);
  EXPECT_EQ(progress_of(fault), RequestProgress::unsent);
  EXPECT_EQ(client.stats().connections, 0u);
}

TEST(HttpClientFault, NoByteOfAnAnswer) {
  for (bool reset : {false, true}) {
    Fault fault = fault_of("", {}, reset);
    EXPECT_EQ(fault.code, "NoResponse");
    EXPECT_EQ(progress_of(fault), RequestProgress::unanswered);
  }
}

TEST(HttpClientFault, AnAnswerThatIsCutOff) {
  std::string_view whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX: y\r\n\r\n";
  for (size_t bytes = 1; bytes < whole.size(); ++bytes) {
    Fault fault = fault_of(whole.substr(0, bytes));
    EXPECT_EQ(fault.code, "IncompleteResponse") << bytes;
    EXPECT_EQ(progress_of(fault), RequestProgress::answered);
  }
  EXPECT_EQ(fault_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody").code, "IncompleteResponse");
}

TEST(HttpClientFault, AResetIsNoEndOfABody) {
  ScriptedServer server;
  TestHttpClient client;
  std::promise<void> began;
  auto code = client.begin([&]() -> Task<std::string> {
    auto exchange = co_await client.client.send(get_request(server.url()));
    (void)co_await (*exchange)->read_some();
    began.set_value();
    auto part = co_await (*exchange)->read_some();
    co_return part ? "it ended" : part.error().code;
  });
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 200 OK\r\n\r\nuntil the e");
  client.wait(began.get_future());
  peer.reset();
  EXPECT_EQ(client.wait(std::move(code)), "IncompleteResponse");
}

TEST(HttpClientFault, WhatIsNoResponse) {
  for (std::string_view response :
       {"SSH-2.0-OpenSSH_9.2\r\n", "\x15\x03\x01\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nlonger\r\n"}) {
    Fault fault = fault_of(response);
    EXPECT_EQ(fault.code, "MalformedResponse") << response;
    EXPECT_EQ(progress_of(fault), RequestProgress::answered);
  }
}

TEST(HttpClientFault, AHeadWithoutEndIsTooLarge) {
  std::string fields;
  for (int i = 0; i < 5000; ++i) fields += fmt::format("x-{}: some value to fill the head with\r\n", i);
  EXPECT_EQ(fault_of("HTTP/1.1 200 OK\r\n" + fields, {.fields_max = 10'000}).code, "ResponseTooLarge");
  EXPECT_EQ(fault_of("HTTP/1.1 200 OK\r\n" + fields).code, "ResponseTooLarge");
  EXPECT_EQ(fault_of("HTTP/1.1 200 OK\r\nx: " + std::string(100'000, 'x')).code, "ResponseTooLarge");
}

TEST(HttpClientFault, InterimResponsesWithoutEndAreRefused) {
  std::string interim;
  for (int i = 0; i < 100; ++i) interim += "HTTP/1.1 102 Processing\r\n\r\n";
  EXPECT_EQ(fault_of(interim).code, "MalformedResponse");
}

TEST(HttpClientFault, ABodyAboveTheLimitIsRefused) {
  ScriptedServer server;
  TestHttpClient client;
  for (std::string_view response :
       {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\n\r\nhello"}) {
    auto outcome = client.begin([&] { return client.fetch(get_request(server.url()), 4); });
    ScriptedPeer peer = server.accept();
    peer.answer(response);
    EXPECT_EQ(client.wait(std::move(outcome)).fault.code, "ResponseTooLarge");
    EXPECT_EQ(peer.receive_rest(), "");
  }
}

TEST(HttpClientFault, AnAnswerThatDoesNotBegin) {
  ScriptedServer server;
  TestHttpClient client;
  ClientRequest request = get_request(server.url());
  request.response_timeout = Milliseconds(20);
  Fault fault = client.fetch_now(request).fault;
  EXPECT_EQ(fault.code, "ResponseTimeout");
  EXPECT_EQ(fault.status, 504);
}

TEST(HttpClientFault, AHeadThatDripsIsLateAtItsTime) {
  ScriptedServer server;
  TestHttpClient client;
  ClientRequest request = get_request(server.url());
  request.response_timeout = Milliseconds(50);
  auto outcome = client.begin_fetch(request);
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 200 OK\r\n");
  while (outcome.wait_for(Milliseconds(1)) != std::future_status::ready) peer.send("a: b\r\n");
  Fault fault = outcome.get().fault;
  EXPECT_TRUE(fault.code == "ReadTimeout" || fault.code == "ResponseTooLarge") << fault.code;
}

TEST(HttpClientFault, ABodyThatStopsComing) {
  ScriptedServer server;
  TestHttpClient client;
  ClientRequest request = get_request(server.url());
  request.read_timeout = Milliseconds(20);
  auto outcome = client.begin_fetch(request);
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal");
  EXPECT_EQ(client.wait(std::move(outcome)).fault.code, "ReadTimeout");
}

ClientRequest within(Milliseconds time, const Url& url) {
  ClientRequest request = get_request(url);
  request.deadline = test_clock.steady() + time;
  return request;
}

TEST(HttpClientFault, TheDeadlineCountsWhileARequestWaitsForAConnection) {
  ScriptedServer server;
  TestHttpClient client({.connections_per_origin_max = 1});
  auto holder = client.begin_fetch(get_request(server.url()));
  ScriptedPeer peer = server.accept();
  EXPECT_EQ(client.fetch_now(within(Milliseconds(5), server.url())).fault.code, "PoolTimeout");
}

TEST(HttpClientFault, TheDeadlineCountsToTheEndOfTheResponse) {
  ScriptedServer server;
  TestHttpClient client;
  auto outcome = client.begin_fetch(within(Milliseconds(200), server.url()));
  ScriptedPeer peer = server.accept();
  peer.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal");
  Outcome late = client.wait(std::move(outcome));
  EXPECT_EQ(late.fault.code, late.status == 200 ? "ReadTimeout" : "ResponseTimeout");  // on a slow machine the head was late too
  EXPECT_NE(late.fault.message.find("deadline"), std::string::npos);
}

// Where a request is when it is cancelled.
enum class At { pool, dialing, sending, head, body };

// Connects to nobody, and ends when it is told to.
class SilentDialer final : public Dialer {
 public:
  Task<Result<std::unique_ptr<Stream>>> dial(EventLoop&, std::string, uint16_t, SteadyTime, std::stop_token stop) override {
    (void)co_await gate.pass(stop);
    co_return fail("Cancelled", 499, "The request was cancelled.");
  }
  Gate gate;
};

// Brings a request to that place, lets `end` end it, and gives its fault.
Fault ended_at(At place, std::function<void(TestHttpClient&, std::stop_source&)> end) {
  ScriptedServer server;
  SilentDialer silent;
  TestHttpClient client({.connections_per_origin_max = 1}, place == At::dialing ? &silent : nullptr);
  std::stop_source stop;
  std::future<Outcome> other;
  std::optional<ScriptedPeer> peer;
  if (place == At::pool) {
    other = client.begin_fetch(get_request(server.url()));
    peer.emplace(server.accept());
  }
  ClientRequest request = post_request(server.url(), std::string(place == At::sending ? 50'000'000 : 1, 'x'));
  request.stop = stop.get_token();
  auto outcome = client.begin_fetch(request);
  if (place == At::dialing) silent.gate.wait_for_arrivals(1);
  if (place >= At::sending) {
    peer.emplace(server.accept());
    peer->receive_head();
  }
  if (place == At::body) peer->send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal");
  if (place == At::pool) {
    while (client.stats().waiting == 0) {
    }
  }
  end(client, stop);
  Fault fault = client.wait(std::move(outcome)).fault;
  if (place >= At::sending) peer->receive_rest();  // it was closed
  return fault;
}

TEST(HttpClientFault, ARequestIsCancelledWhereverItIs) {
  for (At place : {At::pool, At::dialing, At::sending, At::head, At::body}) {
    Fault fault = ended_at(place, [](TestHttpClient&, std::stop_source& stop) { stop.request_stop(); });
    EXPECT_EQ(fault.code, "Cancelled") << int(place);
    EXPECT_EQ(fault.status, 499);
  }
}

TEST(HttpClientFault, ARequestIsCancelledOnItsOwnThread) {
  for (At place : {At::pool, At::dialing, At::sending, At::head, At::body}) {
    Fault fault = ended_at(place, [](TestHttpClient& client, std::stop_source& stop) {
      client.run([&]() -> Task<void> {
        stop.request_stop();
        co_return;
      });
    });
    EXPECT_EQ(fault.code, "Cancelled") << int(place);
  }
}

TEST(HttpClientFault, AClientThatIsClosedCancelsEverything) {
  for (At place : {At::pool, At::dialing, At::sending, At::head, At::body}) {
    Fault fault = ended_at(place, [](TestHttpClient& client, std::stop_source&) { client.close(); });
    EXPECT_EQ(fault.code, "Cancelled") << int(place);
  }
}

TEST(HttpClientFault, ARequestMayBeCancelledBeforeItBegins) {
  ScriptedServer server;
  TestHttpClient client;
  std::stop_source stop;
  stop.request_stop();
  ClientRequest request = get_request(server.url());
  request.stop = stop.get_token();
  EXPECT_EQ(client.fetch_now(request).fault.code, "Cancelled");
  EXPECT_EQ(client.stats().connections, 0u);
}

}  // namespace
}  // namespace outcrop::net
