// HTTP/2 connections: how streams share one, what ends it, and what it gives in when it ends.
#include "net/http2/connection.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "net/greeting.h"
#include "net/http2/client_test.h"

namespace outcrop::net {
namespace {

constexpr uint32_t no_error = 0, cancelled = 8;
constexpr uint16_t initial_window = 4;
constexpr uint32_t large = 16 * 1024 * 1024;

// Writes so many bytes as its path says, in parts.
Task<void> write_many(Exchange& exchange) {
  (void)co_await exchange.start({200});
  std::string part(10'000, 'x');
  for (size_t left = std::stoul(exchange.head().path.substr(1)); left > 0;) {
    size_t bytes = std::min(left, part.size());
    if (!co_await exchange.write(std::string_view(part).substr(0, bytes))) co_return;
    left -= bytes;
  }
  (void)co_await exchange.finish();
}

TEST(Http2Connection, APrefaceThatComesByteByByteIsUnderstood) {
  TestServer server(echo_path);
  TestClient client(server);
  std::string greeting = std::string(http2_preface) + frame(settings_frame, 0, 0) +
                         frame(headers_frame, end_headers | end_stream, 1, header_block(Http2Client::request("GET", "/")));
  for (char byte : greeting) client.send({&byte, 1});
  EXPECT_EQ(client.receive_bytes(9).substr(3, 1), std::string(1, char(settings_frame)));
}

TEST(Http2Connection, APrefaceThatIsNoneEndsTheConnection) {
  TestServer server(echo_path);
  TestClient client(server);
  client.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
  client.shut_down_writing();
  EXPECT_FALSE(client.receive_rest().contains("HTTP/1.1"));
}

TEST(Http2Connection, StreamsAreAnsweredInTheOrderInWhichTheyAreDone) {
  Gate gate;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    if (exchange.head().path == "/slow") co_await gate.pass();
    (void)co_await exchange.respond({200}, exchange.head().path);
  });
  Http2Client client(server);
  client.get(1, "/slow");
  for (uint32_t stream = 3; stream < 200; stream += 2) client.get(stream, "/fast");
  for (uint32_t stream = 3; stream < 200; stream += 2) EXPECT_EQ(client.receive(stream).body, "/fast");
  EXPECT_FALSE(client.at(1).ended);
  gate.open();
  EXPECT_EQ(client.receive(1).body, "/slow");
  EXPECT_EQ(server.server.stats().requests, 100u);
}

TEST(Http2Connection, AHandlerThatDoesNotReadHoldsUpNoOtherStream) {
  Gate gate;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    if (exchange.head().path == "/stalled") co_await gate.pass();
    auto body = co_await exchange.read_body(1 << 20);
    (void)co_await exchange.respond({200}, fmt::format("{}", body->size()));
  });
  Http2Client client(server);
  uint64_t sent = 0;
  auto send = [&](uint32_t stream, size_t bytes, bool ends) {
    client.until([&] { return client.at(0).window_given + 65'535 >= sent + bytes; });
    client.send_data(stream, std::string(bytes, 'x'), ends);
    sent += bytes;
  };
  for (uint32_t stream = 1; stream < 16; stream += 2) {
    client.send_request(stream, Http2Client::post("/stalled"), false);
    for (int i = 0; i < 4; ++i) send(stream, 16'000, i == 3);
  }
  client.send_request(101, Http2Client::post("/reads"), false);
  for (int i = 0; i < 4; ++i) send(101, 16'000, i == 3);
  EXPECT_EQ(client.receive(101).body, "64000");
  gate.open();
  for (uint32_t stream = 1; stream < 16; stream += 2) EXPECT_EQ(client.receive(stream).body, "64000");
}

TEST(Http2Connection, WhatStalledHandlersHoldIsBounded) {
  Gate gate;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    co_await gate.pass();
    auto body = co_await exchange.read_body(1 << 20);
    (void)co_await exchange.respond({200}, fmt::format("{}", body->size()));
  });
  Http2Client client(server);
  size_t streams = 0;
  uint64_t sent = 0;
  for (uint32_t stream = 1; stream < 200; stream += 2) {
    client.synchronise();
    if (client.at(0).window_given + 65'535 < sent + 32'000) break;
    client.send_request(stream, Http2Client::post("/"), false);
    for (int i = 0; i < 2; ++i) client.send_data(stream, std::string(16'000, 'x'), i == 1);
    sent += 32'000;
    ++streams;
  }
  EXPECT_GE(sent, limits::connection_unread_bytes_max);
  EXPECT_LE(sent, limits::connection_unread_bytes_max + 2 * 65'535);
  gate.open();  // and all goes on
  for (uint32_t stream = 1; stream < 2 * streams; stream += 2) EXPECT_EQ(client.receive(stream).body, "32000");
  client.until([&] { return client.at(0).window_given + 65'535 >= sent + 16'000; });
  EXPECT_FALSE(client.closed);
}

TEST(Http2Connection, LargeAnswersTakeTurns) {
  TestServer server(write_many);
  Http2Client client(server, setting(initial_window, large));
  client.send(frame(window_frame, 0, 0, number(large)) + frame(headers_frame, 5, 1, header_block(Http2Client::request("GET", "/1000000"))) +
              frame(headers_frame, 5, 3, header_block(Http2Client::request("GET", "/1000000"))));
  EXPECT_EQ(client.receive(1).body.size(), 1'000'000u);
  EXPECT_GE(client.at(3).body.size(), 700'000u);
  EXPECT_EQ(client.receive(3).body.size(), 1'000'000u);
}

TEST(Http2Connection, TheClientsWindowsAreHonoured) {
  TestServer server(write_many);
  Http2Client client(server, setting(initial_window, 100));
  client.gives_back_window = false;
  client.get(1, "/250");
  client.until([&] { return client.at(1).body.size() >= 100; });
  client.synchronise();
  EXPECT_EQ(client.at(1).body.size(), 100u);
  client.give_window(1, 50);
  client.until([&] { return client.at(1).body.size() >= 150; });
  client.synchronise();
  EXPECT_EQ(client.at(1).body.size(), 150u);
  client.send(frame(settings_frame, 0, 0, setting(initial_window, 200'000)));
  EXPECT_EQ(client.receive(1).body.size(), 250u);
  client.get(3, "/100000");
  client.until([&] { return client.at(3).body.size() >= 65'535 - 250; });
  client.synchronise();
  EXPECT_EQ(client.at(3).body.size(), 65'535u - 250u);  // the connection's
  client.give_window(0, 100'000);
  EXPECT_EQ(client.receive(3).body.size(), 100'000u);
}

TEST(Http2Connection, AWindowThatStaysClosedResetsItsStreamAndNoOther) {
  TestServer server({.options = {.write_timeout = Milliseconds(50)}}, write_many);
  Http2Client client(server, setting(initial_window, 10));
  client.gives_back_window = false;
  client.get(1, "/11");
  EXPECT_EQ(client.receive(1).reset, cancelled);
  EXPECT_EQ(client.at(1).body.size(), 10u);
  client.get(3, "/10");
  EXPECT_EQ(client.receive(3).body.size(), 10u);
}

// Answers above the bound that nobody takes do not wait for the write time-out.
ServerOptions pressed_by(size_t bytes, Milliseconds patience = Milliseconds(50)) {
  return {.held_answer_bytes_max = bytes, .pressed_write_timeout = patience};
}

TEST(Http2Connection, AnswersThatNobodyTakesAreGivenUpWhenTheyAreTooMany) {
  TestServer server({.options = pressed_by(1'500)}, write_many);
  Http2Client client(server, setting(initial_window, 10));
  client.gives_back_window = false;
  client.get(1, "/1000");
  client.synchronise();
  EXPECT_FALSE(client.at(1).reset);
  client.get(3, "/1000");
  EXPECT_EQ(client.receive(1).reset, cancelled);
  EXPECT_FALSE(client.at(3).reset);
  client.give_window(3, 1'000);
  EXPECT_EQ(client.receive(3).body.size(), 1'000u);
}

// Patient enough for a client that does not always get to run.
TEST(Http2Connection, AnswersThatAreTakenSlowlyAreNotGivenUp) {
  TestServer server({.options = pressed_by(15'000, Milliseconds(250))}, write_many);
  Http2Client client(server, setting(initial_window, 0));
  client.gives_back_window = false;
  client.get(1, "/60000");
  client.get(3, "/10000");
  const auto gone = [&] { return client.at(3).reset || client.at(1).reset; };
  while (!gone() && !client.closed) {
    client.give_window(1, 1);
    client.synchronise();
    ::poll(nullptr, 0, 5);  // the peer's slowness: frames without a pause would be a flood
  }
  EXPECT_TRUE(client.at(3).reset);
  ASSERT_FALSE(client.at(1).reset);
  client.give_window(1, 60'000);
  EXPECT_EQ(client.receive(1).body.size(), 60'000u);
}

TEST(Http2Connection, APeerThatReadsNothingLosesItsConnection) {
  TestServer server({.options = {.write_timeout = Milliseconds(50)}}, write_many);
  Http2Client client(server, setting(initial_window, 0x7fffffff), 4'096);
  client.give_window(0, 0x7fff0000 - 65'535);
  client.get(1, "/1000000000");
  server.shutdown(Milliseconds(60'000));  // returns as soon as the handler ended
  client.receive_rest();
  EXPECT_FALSE(client.at(1).ended);
}

TEST(Http2Connection, IdleConnectionsEndAfterTheirTime) {
  TestServer server({.options = {.idle_timeout = Milliseconds(50)}}, echo_path);
  Http2Client client(server);
  client.get(1);
  EXPECT_EQ(client.receive(1).status, 200);
  client.receive_rest();
  ASSERT_EQ(client.goaways.size(), 1u);
  EXPECT_EQ(client.goaways[0].code, no_error);
  EXPECT_EQ(client.goaways[0].last_stream, 1u);
}

TEST(Http2Connection, PingsKeepNoIdleConnection) {
  TestServer server({.options = {.idle_timeout = Milliseconds(100)}}, echo_path);
  Http2Client client(server);
  client.get(1);
  while (!client.closed) client.synchronise();
  EXPECT_EQ(client.goaways.size(), 1u);
}

TEST(Http2Connection, AConnectionWithoutARequestEndsAfterTheHeadsTime) {
  TestServer server({.options = {.head_timeout = Milliseconds(50)}}, echo_path);
  Http2Client client(server);
  client.receive_rest();
  EXPECT_EQ(client.goaways.size(), 1u);
}

TEST(Http2Connection, AHeadThatTakesTooLongEndsTheConnection) {
  TestServer server({.options = {.head_timeout = Milliseconds(50)}}, echo_path);
  Http2Client client(server);
  client.get(1);
  client.receive(1);
  client.send(frame(headers_frame, end_stream, 3, header_block(Http2Client::request("GET", "/"))));  // no END_HEADERS
  client.receive_rest();
  ASSERT_EQ(client.goaways.size(), 1u);
  EXPECT_EQ(client.at(3).status, 0);
}

TEST(Http2Connection, AClosedClientStopsItsHandlers) {
  Gate never;
  TestServer server([&](Exchange& exchange) -> Task<void> { co_await never.pass(exchange.stop_token()); });
  {
    Http2Client client(server);
    client.get(1);
    client.get(3);
    never.wait_for_arrivals(2);
  }
  server.shutdown(Milliseconds(60'000));  // returns as soon as they ended
  EXPECT_EQ(server.server.stats().connections_open, 0u);
}

TEST(Http2Connection, AClientThatSaysGoodbyeGetsItsAnswersFirst) {
  Gate gate;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    co_await gate.pass();
    (void)co_await exchange.respond({200}, "");
  });
  Http2Client client(server);
  client.get(1);
  client.send(frame(goaway_frame, 0, 0, number(0) + number(0)));
  gate.wait_for_arrivals(1);
  gate.open();
  EXPECT_EQ(client.receive(1).status, 200);
  client.receive_rest();
  EXPECT_TRUE(client.closed);
}

TEST(Http2Connection, ACloseTheHandlerWantsEndsTheConnectionBehindItsRequests) {
  TestServer server([](Exchange& exchange) -> Task<void> { (void)co_await exchange.respond({200, {{"connection", "close"}}}, ""); });
  Http2Client client(server);
  client.get(1);
  EXPECT_EQ(client.receive(1).headers.find("connection"), nullptr);
  client.receive_rest();
  ASSERT_EQ(client.goaways.size(), 2u);
  EXPECT_EQ(client.goaways[0].last_stream, 0x7fffffffu);  // a notice: nothing is lost that was on its way
  EXPECT_EQ(client.goaways[1].last_stream, 1u);
}

TEST(Http2Connection, AKeptConnectionMakesRoomWhenTheServerIsCrowded) {
  TestServer server({.options = {.connections_max = 1}}, echo_path);
  Http2Client kept(server);
  kept.get(1);
  EXPECT_EQ(kept.receive(1).status, 200);
  Http2Client next(server);
  next.get(1);
  EXPECT_EQ(next.receive(1).status, 200);
  kept.receive_rest();
  EXPECT_EQ(kept.goaways.size(), 1u);
}

TEST(Http2Shutdown, RunningExchangesEndAndIdleConnectionsGo) {
  Gate gate;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    if (exchange.head().path == "/slow") co_await gate.pass();
    (void)co_await exchange.respond({200}, "done");
  });
  Http2Client idle(server), busy(server);
  idle.get(1);
  EXPECT_EQ(idle.receive(1).status, 200);
  busy.get(1, "/slow");
  gate.wait_for_arrivals(1);
  std::thread ending([&] { server.shutdown(Milliseconds(60'000)); });
  idle.receive_rest();
  EXPECT_EQ(idle.goaways.size(), 1u);
  busy.until([&] { return busy.goaways.size() == 2; });
  EXPECT_EQ(busy.goaways[1].last_stream, 1u);
  gate.open();
  EXPECT_EQ(busy.receive(1).body, "done");
  busy.receive_rest();
  busy.socket().close();
  ending.join();
  EXPECT_EQ(server.server.stats().connections_open, 0u);
}

TEST(Http2Shutdown, ARequestThatWasOnItsWayIsStillAnswered) {
  Gate gate;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    if (exchange.head().path == "/slow") co_await gate.pass();
    (void)co_await exchange.respond({200}, "done");
  });
  Http2Client client(server);
  client.answers_pings = false;  // it has not seen the notice yet
  client.get(1, "/slow");
  gate.wait_for_arrivals(1);
  std::thread ending([&] { server.shutdown(Milliseconds(60'000)); });
  client.until([&] { return client.goaways.size() == 1; });
  client.get(3);
  EXPECT_EQ(client.receive(3).status, 200);
  client.send(frame(ping_frame, acknowledges, 0, "8 bytes."));
  client.until([&] { return client.goaways.size() == 2; });
  EXPECT_EQ(client.goaways[1].last_stream, 3u);
  gate.open();
  EXPECT_EQ(client.receive(1).status, 200);
  client.socket().close();
  ending.join();
}

TEST(Http2Shutdown, AfterTheGraceTokensStopAndMayStillBeAnswered) {
  Gate never;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    bool open = co_await never.pass(exchange.stop_token());
    (void)co_await exchange.respond({open ? 200 : 503}, "");
  });
  Http2Client client(server);
  client.get(1);
  never.wait_for_arrivals(1);
  std::thread ending([&] { server.shutdown(Milliseconds(20)); });
  EXPECT_EQ(client.receive(1).status, 503);
  ending.join();
}

TEST(Http2Shutdown, WhoIgnoresTheStopLosesItsConnection) {
  TestServer server(write_many);
  Http2Client client(server);
  client.gives_back_window = false;
  client.get(1, "/1000000");
  client.until([&] { return client.at(1).body.size() == 65'535; });
  server.shutdown(Milliseconds(0));  // returns although the handler waits for the window
  EXPECT_EQ(server.server.stats().connections_open, 0u);
}

}  // namespace
}  // namespace outcrop::net
