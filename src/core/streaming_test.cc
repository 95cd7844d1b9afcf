// Streams from end to end: through the front, in process, and over a socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/encoding.h"
#include "core/request_stream.h"
#include "core/testing/test_server.h"
#include "net/server.h"
#include "wire/event_stream_reader.h"

namespace outcrop {
namespace {

using parcel::Moves;
using parcel::TrackParcelInput;
using parcel::TrackParcelOutput;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<wire::Message> messages_of(std::string_view frames) {
  wire::MessageDecoder decoder;
  decoder.add(frames);
  std::vector<wire::Message> messages;
  while (true) {
    auto message = decoder.next();
    EXPECT_TRUE(message) << message.error().message;
    if (!message || !*message) break;
    messages.push_back(std::move(**message));
  }
  EXPECT_TRUE(decoder.at_boundary());
  return messages;
}

// "event arrived {…}"
std::string shown(const wire::Message& message) {
  std::string_view type = message.text(":message-type");
  std::string_view name = type == "event"   ? message.text(":event-type")
                          : type == "error" ? message.text(":error-code")
                                            : message.text(":exception-type");
  return fmt::format("{} {} {}", type, name, message.payload);
}
std::vector<std::string> shown(std::string_view frames) {
  std::vector<std::string> lines;
  for (const wire::Message& message : messages_of(frames)) lines.push_back(shown(message));
  return lines;
}

std::string frame(const wire::Message& message) {
  std::string bytes;
  EXPECT_TRUE(wire::append_message(message, bytes));
  return bytes;
}
wire::Message event(std::string type, std::string payload) {
  return {{{":message-type", "event"}, {":event-type", std::move(type)}, {":content-type", "application/json"}}, std::move(payload)};
}

struct StreamingTest : testing::Test {
  TestServer server;

  static net::RequestHead head(std::string operation) {
    net::RequestHead request = TestServer::head("POST", "/");
    request.headers.add("x-amz-target", "Parcel_20260131." + operation);
    request.headers.add("content-type", "application/x-amz-json-1.0");
    return request;
  }
  TestExchange track(std::string to) { return server.serve(head("TrackParcel"), R"({"To": ")" + to + R"("})"); }
};

TEST_F(StreamingTest, EventsFollowTheInitialResponse) {
  TestExchange exchange = track("Berlin");
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(exchange.response->headers.get("content-type"), "application/vnd.amazon.eventstream");
  EXPECT_EQ(exchange.response->headers.get("x-outcrop-carrier"), "post") << "a header that the operation gave its answer";
  EXPECT_THAT(shown(exchange.answer), ElementsAre(R"(event initial-response {"Carrier":"post"})", R"(event arrived {"Place":"Berlin 1"})",
                                                  R"(event arrived {"Place":"Berlin 2"})", R"(event arrived {"Place":"Berlin 3"})"));
  EXPECT_EQ(std::get<int32_t>(*messages_of(exchange.answer)[2].find("Day")), 2);
  EXPECT_TRUE(exchange.finished);
  EXPECT_EQ(exchange.writes.size(), 4u) << "one write a frame";
  EXPECT_EQ(server.parcel.journeys_over, 1);
}

TEST_F(StreamingTest, EachEventIsSentBeforeTheNextIsMade) {
  TestExchange exchange(head("TrackParcel"), R"({"To": "Berlin"})");
  std::vector<size_t> sent_before;
  server.parcel.before_move = [&](int) { sent_before.push_back(exchange.writes.size()); };
  server.test.run(server.router->serve(exchange));
  EXPECT_THAT(sent_before, ElementsAre(0, 2, 3)) << "the initial response is the first frame";
}

TEST_F(StreamingTest, ASlowReaderHoldsTheProducerBack) {
  TestExchange exchange(head("TrackParcel"), R"({"To": "Berlin"})");
  std::vector<int> made_while_it_waits;
  exchange.before_write = [&]() -> Task<Result<void>> {
    Completion<bool> taken(server.test.executor);
    server.test.executor.post([&, setter = taken.setter()] {
      made_while_it_waits.push_back(server.parcel.moves);
      setter.set(true);
    });
    co_await taken;
    co_return {};
  };
  server.test.run(server.router->serve(exchange));
  EXPECT_THAT(made_while_it_waits, ElementsAre(1, 1, 2, 3)) << "before the initial response, and each event";
}

TEST_F(StreamingTest, AFaultBeforeTheFirstEventIsAnOrdinaryError) {
  for (std::string_view to : {"Atlantis", "nowhere"}) {
    TestExchange exchange = track(std::string(to));
    EXPECT_EQ(exchange.status(), 410);
    EXPECT_THAT(exchange.answer, HasSubstr("ParcelIsLost"));
    EXPECT_EQ(exchange.response->headers.get("content-type"), "application/x-amz-json-1.0");
  }
}

TEST_F(StreamingTest, AFaultAfterItIsTheLastFrame) {
  TestExchange exchange = track("sea");
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(shown(exchange.answer).back(), R"(exception parcelIsLost {"message":"It fell overboard."})");
  EXPECT_TRUE(exchange.finished);
  EXPECT_THAT(server.metrics.prometheus_text(), HasSubstr(R"(operation="TrackParcel",code="ParcelIsLost")"));
}

TEST_F(StreamingTest, AnExceptionAfterItIsAnErrorFrame) {
  TestExchange exchange = track("fire");
  const wire::Message last = messages_of(exchange.answer).back();
  EXPECT_EQ(last.text(":message-type"), "error");
  EXPECT_EQ(last.text(":error-code"), "InternalFailure");
  EXPECT_THAT(std::string(last.text(":error-message")), testing::Not(HasSubstr("burns")));
  EXPECT_TRUE(exchange.finished);
}

TEST_F(StreamingTest, APeerThatGoesEndsTheProducer) {
  TestExchange exchange(head("TrackParcel"), R"({"To": "world"})");
  exchange.before_write = [&]() -> Task<Result<void>> {
    if (server.parcel.moves == 5) co_return fail("ConnectionClosed", 499, "The peer has gone.");
    co_return {};
  };
  server.test.run(server.router->serve(exchange));
  EXPECT_EQ(server.parcel.moves, 5);
  EXPECT_EQ(server.parcel.journeys_over, 1);
  EXPECT_FALSE(exchange.finished);
}

TEST_F(StreamingTest, APeerThatGoesWakesAProducerThatWaits) {
  TestExchange exchange(head("TrackParcel"), R"({"To": "moon"})");
  server.parcel.before_move = [&](int day) {
    if (day == 2) server.test.executor.post([&] { exchange.stop.request_stop(); });
  };
  server.test.run(server.router->serve(exchange));
  EXPECT_EQ(server.parcel.journeys_over, 1);
}

TEST_F(StreamingTest, ABlobIsAnEventsWholePayload) {
  TestExchange exchange(head("TrackParcel"), R"({"To": "world"})");
  exchange.before_write = [&]() -> Task<Result<void>> {
    if (server.parcel.moves == 2) co_return fail("ConnectionClosed", 499, "The peer has gone.");
    co_return {};
  };
  server.test.run(server.router->serve(exchange));
  const wire::Message photo = messages_of(exchange.answer).back();
  EXPECT_EQ(photo.text(":content-type"), "application/octet-stream");
  EXPECT_EQ(photo.payload, std::string(64 << 10, 'x'));
}

TEST_F(StreamingTest, EventsAreReadWhileTheyCome) {
  const std::string body = frame(event("initial-request", R"({"To": "Berlin"})")) + frame(event("turn", R"({"Street": "Main"})")) +
                           frame(event("unheard-of", "{}")) + frame(event("turn", R"({"Street": "Side"})"));
  TestExchange exchange = server.serve(head("EscortParcel"), body);
  EXPECT_THAT(shown(exchange.answer), ElementsAre("event initial-response {}", R"(event arrived {"Place":"Berlin by Main"})",
                                                  R"(event arrived {"Place":"Berlin by Side"})"));
}

TEST_F(StreamingTest, AnEventThatViolatesTheModelEndsTheStream) {
  const std::string begin = frame(event("initial-request", R"({"To": "Berlin"})"));
  const std::string good = frame(event("turn", R"({"Street": "Main"})"));
  EXPECT_EQ(server.serve(head("EscortParcel"), begin + frame(event("turn", "{}"))).status(), 400) << "before the first answer";
  TestExchange exchange = server.serve(head("EscortParcel"), begin + good + frame(event("turn", R"({"Street": "x"})")));
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(messages_of(exchange.answer).back().text(":error-code"), "ValidationException");
  exchange = server.serve(head("EscortParcel"), begin + good + good.substr(0, 20));
  EXPECT_EQ(messages_of(exchange.answer).back().text(":error-code"), "SerializationException");
}

TEST_F(StreamingTest, AnEventStreamWithoutItsRequestIsRefused) {
  EXPECT_EQ(server.serve(head("EscortParcel"), "").status(), 400);
  EXPECT_EQ(server.serve(head("EscortParcel"), frame(event("turn", R"({"Street": "Main"})"))).status(), 400);
  EXPECT_EQ(server.serve(head("EscortParcel"), "no frames at all").status(), 400);
  EXPECT_EQ(server.serve(head("EscortParcel"), frame(event("initial-request", "{}"))).status(), 400) << "To is required";
}

TEST_F(StreamingTest, SignedEventsLieInFramesThatSignThem) {
  net::RequestHead request = head("EscortParcel");
  request.headers.add("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-EVENTS");
  auto wrapped = [](const std::string& inner) {
    return frame({{{":date", instant_from_ms(1'800'000'000'000)}, {":chunk-signature", wire::HeaderBytes{std::string(32, 's')}}}, inner});
  };
  const std::string body = wrapped(frame(event("initial-request", R"({"To": "Berlin"})"))) +
                           wrapped(frame(event("turn", R"({"Street": "Main"})"))) + wrapped("");
  EXPECT_EQ(shown(server.serve(request, body).answer).back(), R"(event arrived {"Place":"Berlin by Main"})");
  EXPECT_EQ(server.serve(request, frame(event("turn", "{}"))).status(), 400) << "not signed";
}

TEST_F(StreamingTest, TheSameOverCbor) {
  net::RequestHead request = TestServer::head("POST", "/service/Parcel_20260131/operation/TrackParcel");
  request.headers.add("smithy-protocol", "rpc-v2-cbor");
  request.headers.add("content-type", "application/cbor");
  TestExchange exchange = server.serve(request, unhex("a162546f664265726c696e").value());
  EXPECT_EQ(exchange.status(), 200) << exchange.answer;
  std::vector<wire::Message> messages = messages_of(exchange.answer);
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ(messages[0].text(":content-type"), "application/cbor");
  EXPECT_EQ(messages[1].payload, std::string("\xbf\x65Place\x68"
                                             "Berlin 1\xff"));
}

TEST_F(StreamingTest, ABodyPassesThroughPartByPart) {
  TestExchange exchange = server.serve(head("CopyParcel"), "abcdefghij");
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_THAT(exchange.writes, ElementsAre("abcd", "efgh", "ij"));
  EXPECT_EQ(exchange.declared_length, std::nullopt);
  EXPECT_TRUE(exchange.finished);
}

TEST_F(StreamingTest, ABodyThatFailsOnTheWayIsBrokenOff) {
  EXPECT_EQ(server.serve(head("CopyParcel"), "bomb").status(), 410) << "before anything was sent";
  TestExchange exchange = server.serve(head("CopyParcel"),
                                       "teas"
                                       "bomb");
  EXPECT_THAT(exchange.writes, ElementsAre("teas"));
  EXPECT_TRUE(exchange.aborted);
  EXPECT_FALSE(exchange.finished);
}

TEST_F(StreamingTest, AwsChunkedBodiesComeWithoutTheirChunks) {
  net::RequestHead request = head("CopyParcel");
  request.headers.add("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
  request.headers.add("x-amz-decoded-content-length", "5");
  request.headers.add("x-amz-trailer", "x-amz-checksum-crc32");
  TestExchange exchange = server.serve(request, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
  EXPECT_EQ(exchange.status(), 200) << exchange.answer;
  EXPECT_EQ(exchange.answer, "hello");
}

TEST_F(StreamingTest, WhatFollowsABodyIsKnownAtItsEnd) {
  net::RequestHead request = TestServer::head("POST", "/");
  request.headers.add("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
  request.headers.add("x-amz-decoded-content-length", "5");
  request.headers.add("x-amz-trailer", "x-amz-checksum-crc32");
  TestExchange exchange(request, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
  wire::BodySource body = stream_body(exchange, {}).value();
  EXPECT_EQ(body.length(), 5u);
  EXPECT_EQ(server.test.run(body.read_all(5)).value(), "hello");
  EXPECT_EQ(body.trailers().get("x-amz-checksum-crc32"), "NhCmhg==");
}

TEST_F(StreamingTest, AStreamedBodyIsHeldAgainstItsSignedHash) {
  auto keys = auth::ConfiguredAccessKeys::from({.keys = {{"AKIDEXAMPLE", "secret", "111122223333"}}});
  RealClock clock;
  TestServer enforced({}, std::make_unique<auth::Authenticator>(clock, std::move(*keys)));
  const std::string body = "streamed";
  net::RequestHead named = head("CopyParcel"), unnamed = named;
  named.headers.add("x-amz-content-sha256", hex(sha256(body)));
  for (net::RequestHead* request : {&named, &unnamed})
    auth::sign(*request, {"AKIDEXAMPLE", "secret"}, "us-west-2", "parcel", hex(sha256(body)), clock.wall());
  EXPECT_THAT(enforced.serve(named, body).writes, ElementsAre("stre", "amed"));
  EXPECT_TRUE(enforced.serve(named, "streaned").aborted) << "known at the end, when the answer has begun";
  EXPECT_THAT(enforced.serve(unnamed, body).writes, ElementsAre(body)) << "the signature needs the whole";
  EXPECT_EQ(enforced.serve(unnamed, "streaned").status(), 400);
}

TEST_F(StreamingTest, ProtocolsWithoutEventStreamsRefuseThem) {
  net::RequestHead request = TestServer::head("POST", "/");
  request.headers.add("content-type", "application/x-www-form-urlencoded");
  for (std::string_view operation : {"TrackParcel", "EscortParcel"}) {
    TestExchange exchange = server.serve(request, fmt::format("Action={}&Version=2026-01-31&To=Berlin", operation));
    EXPECT_EQ(exchange.status(), 400);
    EXPECT_THAT(exchange.answer, HasSubstr("InvalidAction"));
  }
  EXPECT_EQ(server.serve(request, "Action=CopyParcel&Version=2026-01-31").answer, "") << "a body that nothing came for";
}

TEST_F(StreamingTest, InProcessAReaderTakesEventsAsAnSdkWould) {
  Call call = server.make_call();
  auto read = [&]() -> Task<Result<std::vector<std::string>>> {
    std::vector<std::string> places;
    TrackParcelOutput output =
        co_await server.directory.invoke<TrackParcelOutput>(call, "parcel", "TrackParcel", TrackParcelInput{.to = "sea"});
    while (true) {
      Result<std::optional<Moves>> move = co_await keep(output.moves.next());
      places.push_back(move ? (*move)->arrived->place : move.error().code);
      if (!move) co_return places;
    }
  };
  EXPECT_THAT(server.test.run(read()).value(), ElementsAre("sea 1", "sea 2", "ParcelIsLost"));
}

TEST_F(StreamingTest, InProcessAStreamMayBeClosedEarly) {
  Call call = server.make_call();
  auto read = [&]() -> Task<Result<void>> {
    TrackParcelOutput output =
        co_await server.directory.invoke<TrackParcelOutput>(call, "parcel", "TrackParcel", TrackParcelInput{.to = "world"});
    for (int i = 0; i < 3; ++i) co_await output.moves.next();
    co_await output.moves.close();
    co_return {};
  };
  EXPECT_TRUE(server.test.run(read()));
  EXPECT_EQ(server.parcel.moves, 3);
  EXPECT_EQ(server.parcel.journeys_over, 1);
}

TEST_F(StreamingTest, JsonHoldsABodyAsText) {
  Call call = server.make_call();
  auto copy = [&](json::Value input) {
    return server.test.run(server.directory.invoke_json(call, "parcel", "CopyParcel", std::move(input)));
  };
  EXPECT_EQ(copy(json::Object{{"Contents", "tea"}}).value(), json::Value(json::Object{{"Contents", "tea"}}));
  EXPECT_EQ(copy(json::Object{{"Contents", json::Object{{"a", 1}}}}).value(), json::Value(json::Object{{"Contents", R"({"a":1})"}}));
  EXPECT_EQ(copy(json::Object{{"Contents", "bomb"}}).error().code, "ParcelIsLost");
  Result<json::Value> events = server.test.run(server.directory.invoke_json(call, "parcel", "TrackParcel", json::Object{{"To", "Berlin"}}));
  EXPECT_EQ(events.error().code, "ValidationException");
}

// --- over a socket

// The front behind a listening socket on its own thread.
struct SocketTest : StreamingTest {
  ~SocketTest() override {
    if (socket >= 0) ::close(socket);
    server.test.run(http.shutdown(Milliseconds(0)));
  }

  void connect_and_send(std::string_view to) {
    socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int receive_buffer = 16 << 10;
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const timeval patience = {.tv_sec = 20};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(endpoint.port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    ASSERT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    const std::string body = fmt::format(R"({{"To": "{}"}})", to);
    const std::string request = fmt::format(
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Parcel_20260131.TrackParcel\r\nContent-Type: application/x-amz-json-1.0\r\n"
        "Content-Length: {}\r\n\r\n{}",
        body.size(), body);
    ASSERT_EQ(::send(socket, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
  }
  std::string receive(size_t bytes_max) {
    std::string part(bytes_max, '\0');
    const ssize_t count = ::recv(socket, part.data(), part.size(), 0);
    part.resize(count > 0 ? static_cast<size_t>(count) : 0);
    return part;
  }
  bool wait_until(const std::function<bool()>& is_so) {
    const SteadyTime due = clock.steady() + Seconds(20);
    while (!is_so() && clock.steady() < due) std::this_thread::yield();
    return is_so();
  }

  RealClock clock;
  net::Loops loops{clock, 1};
  net::BodyBudget budget{clock, 64 << 20};
  net::Server http{loops, budget, *server.router};
  const net::Endpoint endpoint = http.listen("127.0.0.1:0").value();
  const bool started = (loops.start(), true);
  int socket = -1;
};

TEST_F(SocketTest, TheFirstEventArrivesWhileTheSecondIsNotMade) {
  connect_and_send("moon");
  std::string received;
  while (!received.contains("moon 1")) {
    std::string part = receive(4096);
    ASSERT_FALSE(part.empty());
    received += part;
  }
  EXPECT_THAT(received, HasSubstr("application/vnd.amazon.eventstream"));
  EXPECT_TRUE(wait_until([&] { return server.parcel.moves == 2; }));
  EXPECT_EQ(server.parcel.journeys_over, 0);
}

TEST_F(SocketTest, ADisconnectStopsAnOperationThatWaits) {
  connect_and_send("moon");
  ASSERT_FALSE(receive(1).empty());
  ASSERT_TRUE(wait_until([&] { return server.parcel.moves == 2; }));
  ::close(std::exchange(socket, -1));
  EXPECT_TRUE(wait_until([&] { return server.parcel.journeys_over == 1; }));
}

TEST_F(SocketTest, ADisconnectStopsAnOperationThatWrites) {
  connect_and_send("world");
  ASSERT_FALSE(receive(1).empty());
  ::close(std::exchange(socket, -1));
  EXPECT_TRUE(wait_until([&] { return server.parcel.journeys_over == 1; }));
}

TEST_F(SocketTest, WhatIsMadeAndNotReadIsBounded) {
  // What the two sockets hold between them: the kernel gives the sender up to 4 MiB here (tcp_wmem), and twice that is far
  // from the 32 MiB that pass.
  constexpr size_t unread_bytes_max = 8 << 20, bytes = 32 << 20, photo_bytes = 64 << 10;
  connect_and_send("world");
  size_t received = 0, unread_most = 0;
  while (received < bytes) {
    const size_t part = receive(64 << 10).size();
    ASSERT_GT(part, 0u);
    received += part;
    const size_t made = static_cast<size_t>(server.parcel.moves) * photo_bytes;
    unread_most = std::max(unread_most, made > received ? made - received : 0);
  }
  EXPECT_LE(unread_most, unread_bytes_max);
}

}  // namespace
}  // namespace outcrop
