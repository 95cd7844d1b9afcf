// What peers may do to an HTTP/2 connection: malformed requests, too much of something, and floods.
#include <gtest/gtest.h>

#include "net/http2/client_test.h"

namespace outcrop::net {
namespace {

constexpr uint32_t protocol_error = 1, refused_stream = 7, enhance_your_calm = 11;

Headers get(const Headers& more) { return Http2Client::request("GET", "/", more); }

// The request is refused with this status, and the connection is as good as before.
void expect_answer(Http2Client& client, uint32_t& stream, const Headers& request, int status) {
  EXPECT_EQ(client.exchange(stream, request).status, status) << request.get(":path") << " of " << request.get(":authority");
  EXPECT_EQ(client.exchange(stream + 2, get({})).status, 200);
  stream += 4;
}

TEST(Http2Abuse, MalformedRequestsAreResetAndTheConnectionGoesOn) {
  TestServer server(echo_path);
  Http2Client client(server);
  const std::vector<Headers> cases = {
      get({{"Name", "a"}}),
      get({{"a b", "a"}}),
      get({{"", "a"}}),
      get({{"a:", "a"}}),
      get({{"name", "a\r\nb: c"}}),
      get({{"name", std::string("a\0b", 3)}}),
      get({{"name", " a"}}),
      get({{"name", "a "}}),
      get({{"connection", "close"}}),
      get({{"keep-alive", "1"}}),
      get({{"proxy-connection", "close"}}),
      get({{"transfer-encoding", "chunked"}}),
      get({{"upgrade", "h2c"}}),
      get({{"te", "gzip"}}),
      get({{"content-length", "1"}}),
      get({{"content-length", "0"}, {"content-length", "0"}}),
      get({{"content-length", "-1"}}),
      get({{"content-length", "1,1"}}),
      get({{"host", "localhost"}, {"host", "localhost"}}),
      get({{":method", "GET"}}),
      get({{":status", "200"}}),
      get({{":unknown", "x"}}),
      get({{":protocol", "websocket"}}),
      {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {"name", "a"}, {":authority", "localhost"}},
      {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}},
      {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {"host", ""}},
      {{":method", "GET"}, {":path", "/"}, {":authority", "localhost"}},
      {{":method", "GET"}, {":scheme", "http"}, {":authority", "localhost"}},
      {{":scheme", "http"}, {":path", "/"}, {":authority", "localhost"}},
      Http2Client::request("G ET", "/"),
      Http2Client::request("GET", ""),
      Http2Client::request("GET", "/a b"),
      Http2Client::request("GET", "/a\r\nHost: b"),
      Http2Client::request("GET", "*"),
      Http2Client::request("GET", "http://localhost/"),
  };
  uint32_t stream = 1;
  for (size_t i = 0; i < cases.size(); ++i, stream += 2) {
    EXPECT_EQ(client.exchange(stream, cases[i]).reset, protocol_error) << "case " << i;
    EXPECT_EQ(client.at(stream).status, 0) << "case " << i;
  }
  EXPECT_EQ(client.exchange(stream, get({{"te", "trailers"}})).status, 200);
  EXPECT_EQ(server.server.stats().requests, 1u);
}

TEST(Http2Abuse, WhatOurHttp1RefusesIsRefusedAlike) {
  TestServer server(echo_path);
  Http2Client client(server);
  uint32_t stream = 1;
  expect_answer(client, stream, get({{"host", "elsewhere"}}), 400);
  expect_answer(client, stream, Http2Client::request("GET", "/a#b"), 400);
  expect_answer(client, stream, {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {":authority", "a@localhost"}}, 400);
  expect_answer(client, stream, {{":method", "GET"}, {":scheme", "ftp"}, {":path", "/"}, {":authority", "localhost"}}, 400);
  expect_answer(client, stream, {{":method", "CONNECT"}, {":authority", "localhost:80"}}, 501);
  expect_answer(client, stream, Http2Client::request(std::string(33, 'A'), "/"), 400);
  expect_answer(client, stream, get({{"expect", "more"}}), 417);
  expect_answer(client, stream, Http2Client::request("GET", "/" + std::string(17'000, 'a')), 414);
  Headers many = get({});
  for (int i = 0; i <= 100; ++i) many.add("name", "a");
  expect_answer(client, stream, many, 431);
  Headers options = Http2Client::request("OPTIONS", "*");
  EXPECT_EQ(client.exchange(stream, options).body, "*");
}

TEST(Http2Abuse, AHeaderListAboveTheAnnouncedSizeIsAnswered431) {
  TestServer server(echo_path);
  Http2Client client(server);
  client.get(1);
  client.receive(1);
  uint32_t announced = client.settings[6];
  EXPECT_GT(announced, 32'000u);
  EXPECT_EQ(client.exchange(3, get({{"name", std::string(announced, 'a')}})).status, 431);
  client.get(5);
  EXPECT_EQ(client.receive(5).status, 200);
}

// One entry of the table, named again and again by a byte each.
TEST(Http2Abuse, ACompressionBombEndsTheConnection) {
  TestServer server(echo_path);
  Http2Client client(server);
  std::string block = header_block(get({})) + '\x40' + '\x01' + 'a' + '\x7f' + '\xa1' + '\x1e' + std::string(4'000, 'b');
  block += std::string(10'000, '\xbe');
  client.send(frame(headers_frame, end_headers | end_stream, 1, block));
  client.receive_rest();
  ASSERT_EQ(client.goaways.size(), 1u);
  EXPECT_EQ(client.goaways[0].code, enhance_your_calm);
}

TEST(Http2Abuse, HeadersWithoutEndEndTheConnection) {
  TestServer server(echo_path);
  Http2Client client(server);
  client.send(frame(headers_frame, end_stream, 1, header_block(get({}))));
  for (int i = 0; i < 100; ++i) client.send(frame(continuation_frame, 0, 1, header_block({{"a", "b"}})));
  client.receive_rest();
  EXPECT_TRUE(client.closed);
  EXPECT_EQ(client.at(1).status, 0);
}

TEST(Http2Abuse, TrailersThatAreTooLargeResetTheStream) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    (void)co_await exchange.read_body(1'000);
    (void)co_await exchange.respond({200}, "");
  });
  Http2Client client(server);
  for (uint32_t stream : {1u, 3u}) {
    client.send_request(stream, Http2Client::request("POST", "/"), false);
    Headers trailers;
    if (stream == 1) trailers.add("name", std::string(16'300, 'a')), trailers.add("b", std::string(70, 'b'));
    if (stream == 3) {
      for (int i = 0; i <= 100; ++i) trailers.add("name", "a");
    }
    EXPECT_EQ(client.exchange(stream, trailers).reset, enhance_your_calm);
  }
}

TEST(Http2Abuse, StreamsAboveTheLimitAreRefused) {
  Gate gate;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    co_await gate.pass();
    (void)co_await exchange.respond({200}, "");
  });
  Http2Client client(server);
  client.acknowledges_settings = false;  // it does not know the limit yet
  uint32_t stream = 1;
  for (size_t i = 0; i < limits::streams_max; ++i, stream += 2) client.get(stream);
  client.get(stream);
  EXPECT_EQ(client.receive(stream).reset, refused_stream);
  EXPECT_EQ(client.settings[3], limits::streams_max);
  gate.open();
  for (uint32_t each = 1; each < stream; each += 2) EXPECT_EQ(client.receive(each).status, 200);
}

TEST(Http2Abuse, HandlersOfResetStreamsCountAsStreams) {
  Gate gate;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    co_await gate.pass();  // and does not look at its token
    (void)co_await exchange.respond({200}, "");
  });
  Http2Client client(server);
  uint32_t stream = 1;
  for (size_t i = 0; i < limits::streams_max; ++i, stream += 2) client.get(stream);
  gate.wait_for_arrivals(limits::streams_max);
  for (uint32_t each = 1; each < stream; each += 2) client.reset(each);
  client.get(stream);
  EXPECT_EQ(client.receive(stream).reset, refused_stream);
  gate.open();
  do {  // as soon as they have ended
    stream += 2;
    client.get(stream);
  } while (client.receive(stream).status != 200 && stream < 1'500);
  EXPECT_EQ(client.at(stream).status, 200);
}

// More than our limits allow, and less than nghttp2's own.
constexpr uint32_t flood_size = 1'500;
static_assert(flood_size > limits::stream_resets_max && flood_size > limits::idle_frames_max && flood_size < 2 * limits::stream_resets_max);

// Sends the frames until the server ends the connection, and says with which code.
std::optional<uint32_t> flood(Http2Client& client, const std::function<std::string(uint32_t)>& frames) {
  for (uint32_t i = 0; i < flood_size; ++i) client.send(frames(i));
  client.receive_rest();
  return client.goaways.empty() ? std::nullopt : std::optional(client.goaways.back().code);
}

TEST(Http2Abuse, RapidResetsEndTheConnection) {
  TestServer server(echo_path);
  Http2Client client(server);
  std::string block = header_block(get({}));
  auto code = flood(client, [&](uint32_t i) {
    uint32_t stream = 2 * i + 1;
    return frame(headers_frame, end_headers, stream, block) + frame(reset_frame, 0, stream, number(8));
  });
  EXPECT_EQ(code, enhance_your_calm);
  EXPECT_LE(server.server.stats().requests, limits::stream_resets_max + 200);
}

// The peer makes the server reset its streams (CVE-2025-8671).
TEST(Http2Abuse, ResetsThatThePeerProvokesCountToo) {
  TestServer server(echo_path);
  Http2Client client(server);
  std::string block = header_block(get({{"content-length", "3"}}));
  auto code = flood(client, [&](uint32_t i) {
    uint32_t stream = 2 * i + 1;
    return frame(headers_frame, end_headers, stream, block) + frame(data_frame, end_stream, stream, "x");
  });
  EXPECT_EQ(code, enhance_your_calm);
}

TEST(Http2Abuse, FloodsOfFramesThatBringNothingEndTheConnection) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    (void)co_await exchange.read_body(1'000);
    (void)co_await exchange.respond({200}, "");
  });
  const std::vector<std::function<std::string(uint32_t)>> floods = {
      [](uint32_t) { return frame(ping_frame, 0, 0, "8 bytes."); },
      [](uint32_t) { return frame(settings_frame, 0, 0); },
      [](uint32_t i) { return frame(priority_frame, 0, 2 * i + 1, std::string("\0\0\0\0\1", 5)); },
      [](uint32_t i) { return i == 0 ? frame(headers_frame, end_headers, 1, header_block(get({}))) : frame(data_frame, 0, 1); },
      [](uint32_t i) {
        return i == 0 ? frame(headers_frame, end_headers, 1, header_block(get({})))
                      : frame(data_frame, is_padded, 1, std::string("\3\0\0\0", 4));
      },
  };
  for (size_t i = 0; i < floods.size(); ++i) {
    Http2Client client(server);
    EXPECT_EQ(flood(client, floods[i]), enhance_your_calm) << "flood " << i;
  }
}

TEST(Http2Abuse, FramesOfUnknownTypesAreIgnored) {
  TestServer server(echo_path);
  Http2Client client(server);
  for (int i = 0; i < 3'000; ++i) client.send(frame(0xbe, 0xff, 7, "whatever"));
  EXPECT_EQ(client.exchange(1, get({})).status, 200);
}

TEST(Http2Abuse, FramesThatBreakTheProtocolEndTheConnection) {
  TestServer server(echo_path);
  const std::vector<std::string> cases = {
      frame(data_frame, 0, 0, "x"),  // on no stream
      frame(data_frame, 0, 1, "x"),  // on an idle one
      frame(headers_frame, end_headers, 2, header_block(get({}))),
      frame(headers_frame, end_headers, 1, "\xff\xff\xff\xff\xff"),
      frame(continuation_frame, end_headers, 1, ""),
      frame(settings_frame, 0, 0, "five."),
      frame(settings_frame, 0, 0, setting(4, 0xffffffff)),
      frame(ping_frame, 0, 0, "short"),
      frame(window_frame, 0, 0, number(0)),
      frame(push_frame, end_headers, 1, number(2)),
      frame(data_frame, 0, 1, std::string(20'000, 'x')),  // larger than allowed
  };
  for (size_t i = 0; i < cases.size(); ++i) {
    Http2Client client(server);
    client.send(cases[i]);
    client.receive_rest();
    ASSERT_FALSE(client.goaways.empty()) << "case " << i;
    EXPECT_NE(client.goaways.back().code, 0u) << "case " << i;
  }
}

TEST(Http2Abuse, APeerThatExceedsItsWindowIsReset) {
  Gate never;
  TestServer server([&](Exchange& exchange) -> Task<void> { co_await never.pass(exchange.stop_token()); });
  Http2Client client(server);
  client.send_request(1, Http2Client::request("POST", "/"), false);
  for (int i = 0; i < 4; ++i) {
    client.send_data(1, std::string(16'000, 'x'), false);
    client.synchronise();
  }
  client.send_data(1, std::string(16'000, 'x'), false);
  client.until([&] { return client.at(1).reset || !client.goaways.empty(); });
  EXPECT_TRUE(client.at(1).reset == 3u || client.goaways.size() == 1u);
}

}  // namespace
}  // namespace outcrop::net
