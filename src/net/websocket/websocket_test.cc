// WebSocket connections over real sockets: messages both ways, and every way to end.
#include "net/websocket.h"

#include <gtest/gtest.h>

#include "base/task_group.h"
#include "net/websocket/client_test.h"

namespace outcrop::net {
namespace {

using Frame = WebSocketTestClient::Frame;

// Echoes, and keeps how the connections ended, in order.
class Echoes {
 public:
  FunctionHandler::Function handler(WebSocketOptions options = {}) {
    return websocket(options, [this](WebSocket& socket) -> Task<void> {
      for (;;) {
        auto message = co_await socket.receive();
        if (!message) co_return note(message.error());
        (void)co_await socket.send(message->data, message->kind);
      }
    });
  }

  // The end of the next connection that ends, as text: who ended it, the code and the reason.
  std::string next_end() {
    std::unique_lock lock(mutex_);
    check(noted_.wait_for(lock, Milliseconds(20'000), [this] { return !ends_.empty(); }), "no connection ended");
    WebSocketEnd end = std::move(ends_.front());
    ends_.erase(ends_.begin());
    return fmt::format("{} {} {}", end.by_peer ? "peer" : "we", end.reason.code, end.reason.text);
  }

 private:
  void note(const WebSocketEnd& end) {
    std::lock_guard lock(mutex_);
    ends_.push_back(end);
    noted_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable noted_;
  std::vector<WebSocketEnd> ends_;
};

TEST(WebSocket, AHandshakeIsAnsweredWithItsProof) {
  TestServer server(websocket({}, echo));
  TestClient client(server);
  auto response = client.exchange(websocket_request());
  EXPECT_EQ(response.status, 101);
  EXPECT_EQ(response.headers.get("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(response.headers.get("upgrade"), "websocket");
  EXPECT_EQ(response.headers.get("connection"), "upgrade");
  EXPECT_EQ(response.headers.find("sec-websocket-extensions"), nullptr);
}

TEST(WebSocket, WhatIsNoHandshakeIsRefusedAndTheConnectionGoesOn) {
  TestServer server(websocket({}, echo));
  TestClient client(server);
  EXPECT_EQ(client.exchange(simple_get).status, 400);
  std::string old = websocket_request();
  old.replace(old.find("Version: 13"), 11, "Version: 8");
  auto response = client.exchange(old);
  EXPECT_EQ(response.status, 426);
  EXPECT_EQ(response.headers.get("sec-websocket-version"), "13");
  EXPECT_EQ(client.exchange(websocket_request()).status, 101);
}

TEST(WebSocket, WhoDecidesOverAConnectionMayTakeItsTimeAndRefuse) {
  Gate decided;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    EXPECT_TRUE(WebSocket::is_requested(exchange.head()));
    EXPECT_TRUE(WebSocket::validate(exchange.head()).has_value());
    co_await decided.pass();
    (void)co_await exchange.respond({401}, "who are you?");
  });
  TestClient client(server);
  client.send(websocket_request());
  decided.wait_for_arrivals(1);
  decided.open();
  EXPECT_EQ(client.receive().body, "who are you?");
}

TEST(WebSocket, WhoHasGoneBeforeItIsAcceptedIsNotAnswered) {
  Gate refused;
  std::string codes;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    Gate never;
    co_await never.pass(exchange.stop_token());
    auto socket = co_await WebSocket::accept(exchange);
    codes = socket.error().code + " " + (co_await WebSocket::refuse(exchange, socket.error())).error().code;
    co_await refused.pass();
  });
  TestClient client(server);
  client.send(websocket_request());
  client.reset();
  refused.wait_for_arrivals(1);
  EXPECT_EQ(codes, "ConnectionClosed ConnectionClosed");
  refused.open();
}

TEST(WebSocket, ASubprotocolIsTheHandlersChoice) {
  TestServer server([](Exchange& exchange) -> Task<void> {
    Headers agreed = {{"sec-websocket-protocol", "v2"}};
    auto socket = co_await WebSocket::accept(exchange, {}, std::move(agreed));
    if (socket) (void)co_await (*socket)->close();
  });
  TestClient client(server);
  auto response = client.exchange(websocket_request("/", "Sec-WebSocket-Protocol: v1, v2\r\n"));
  EXPECT_EQ(response.headers.get("sec-websocket-protocol"), "v2");
}

TEST(WebSocket, MessagesAreEchoed) {
  TestServer server(websocket({}, echo));
  WebSocketTestClient client(server);
  client.send(text_frame("κόσμε") + binary_frame("\xff") + masked_frame(0x01, "a") + masked_ping("p") + masked_frame(0x80, "b"));
  EXPECT_EQ(client.receive(), (Frame{0x81, "κόσμε"}));
  EXPECT_EQ(client.receive(), (Frame{0x82, "\xff"}));
  EXPECT_EQ(client.receive(), (Frame{0x8a, "p"}));
  EXPECT_EQ(client.receive(), (Frame{0x81, "ab"}));
}

TEST(WebSocket, WhatFollowsTheHandshakeAtOnceIsNotLost) {
  TestServer server(websocket({}, echo));
  TestClient client(server);
  client.send(websocket_request() + text_frame("early"));
  EXPECT_EQ(client.receive().status, 101);
  EXPECT_EQ(client.receive_bytes(7),
            "\x81\x05"
            "early");
}

TEST(WebSocket, MessagesOfEverySizeComeBackWhole) {
  constexpr size_t most = 4 << 20;
  TestServer server(websocket({.limits = {.frame_bytes_max = most, .message_bytes_max = most}}, echo));
  WebSocketTestClient client(server);
  for (size_t size : {0, 125, 126, 2041, 2048, 65535, 65536, 1 << 20, int(most)}) {
    std::string data(size, '\0');
    for (size_t i = 0; i < size; ++i) data[i] = char(i * 131 + i / 251);
    std::thread sender([&] { client.send(binary_frame(data)); });
    Frame frame = client.receive();
    sender.join();
    EXPECT_EQ(frame.first, 0x82);
    EXPECT_TRUE(frame.payload == data) << size;
  }
}

TEST(WebSocket, AMessageInTinyFragmentsComesBackWhole) {
  TestServer server(websocket({}, echo));
  WebSocketTestClient client(server);
  std::string fragments = masked_frame(0x01, "");
  for (int i = 0; i < 5000; ++i) fragments += masked_frame(0x00, "é");
  client.send(fragments + masked_frame(0x80, "!"));
  std::string payload = client.receive().payload;
  EXPECT_EQ(payload.size(), 10'001u);
  EXPECT_TRUE(payload.ends_with("éé!"));
}

TEST(WebSocket, ThePeersCloseIsAnsweredWithItsCode) {
  Echoes echoes;
  TestServer server(echoes.handler());
  struct Case {
    std::string sent;
    Frame answer;
    std::string end;
  };
  const Case cases[] = {
      {close_frame(), {0x88, ""}, "peer 1005 "},
      {close_frame(1000, "bye"), {0x88, "\x03\xe8"}, "peer 1000 bye"},
      {close_frame(4999), {0x88, "\x13\x87"}, "peer 4999 "},
      {masked_frame(0x01, "half") + close_frame(1001), {0x88, "\x03\xe9"}, "peer 1001 "},
      {close_frame(1000) + text_frame("ignored") + close_frame(1001), {0x88, "\x03\xe8"}, "peer 1000 "},
  };
  for (const Case& each : cases) {
    WebSocketTestClient client(server);
    client.send(each.sent);
    EXPECT_EQ(client.receive(), each.answer) << each.end;
    EXPECT_EQ(client.receive(), Frame()) << each.end;  // and the transport ends
    EXPECT_EQ(echoes.next_end(), each.end);
  }
}

TEST(WebSocket, WhatBreaksTheProtocolIsClosedWithItsCode) {
  Echoes echoes;
  TestServer server(echoes.handler({.limits = {.frame_bytes_max = 100, .message_bytes_max = 150}}));
  struct Case {
    std::string sent;
    uint16_t code;
  };
  const Case cases[] = {
      {masked_frame(0xc1, "compressed"), 1002},
      {masked_frame(0x83, ""), 1002},
      {std::string("\x81\x00", 2), 1002},
      {masked_frame(0x80, "continued"), 1002},
      {masked_ping(std::string(126, 'p')), 1002},
      {close_frame(1006), 1002},
      {text_frame("\xff"), 1007},
      {text_frame(std::string(101, 'x')) + std::string(1 << 20, 'x'), 1009},  // the rest does not reset our close
      {masked_frame(0x02, std::string(100, 'x')) + masked_frame(0x80, std::string(51, 'x')), 1009},
  };
  for (const Case& each : cases) {
    WebSocketTestClient client(server);
    client.send(each.sent);
    EXPECT_EQ(code_of_close(client.receive()), each.code);
    EXPECT_EQ(client.receive(), Frame());
    EXPECT_TRUE(echoes.next_end().starts_with(fmt::format("we {} ", each.code)));
  }
}

TEST(WebSocket, APeerThatGoesWithoutAWordIsAbnormal) {
  Echoes echoes;
  TestServer server(echoes.handler());
  WebSocketTestClient leaves(server), resets(server), breaks_off(server);
  leaves.socket().close();
  EXPECT_EQ(echoes.next_end(), "peer 1006 ");
  resets.socket().reset();
  EXPECT_EQ(echoes.next_end(), "peer 1006 ");
  breaks_off.send(text_frame("a long message").substr(0, 9));
  breaks_off.socket().shut_down_writing();
  EXPECT_EQ(echoes.next_end(), "peer 1006 ");
}

TEST(WebSocket, OurCloseWaitsForThePeersAnswer) {
  std::optional<WebSocketEnd> end;
  TestServer server(websocket({}, [&](WebSocket& socket) -> Task<void> { end = co_await socket.close(4000, "enough"); }));
  WebSocketTestClient client(server);
  EXPECT_EQ(client.receive(), (Frame{0x88,
                                     "\x0f\xa0"
                                     "enough"}));
  client.send(text_frame("dropped") + masked_ping("dropped too") + close_frame(4000));
  EXPECT_TRUE(client.ends());
  server.shutdown(Milliseconds(0));
  EXPECT_EQ(end->reason.code, 4000);
  EXPECT_FALSE(end->by_peer);
}

TEST(WebSocket, OurCloseDoesNotWaitForEver) {
  TestServer server(websocket({.close_timeout = Milliseconds(50)}, [](WebSocket& socket) -> Task<void> { co_await socket.close(); }));
  WebSocketTestClient client(server);
  EXPECT_EQ(code_of_close(client.receive()), 1000);
  EXPECT_TRUE(client.ends());
}

TEST(WebSocket, AnybodyMayCloseWhileTheHandlerReceives) {
  Gate close;
  std::string ends;
  Conversation converse = [&](WebSocket& socket) -> Task<void> {
    TaskGroup beside;
    beside.spawn([](Gate& close, WebSocket& socket, std::string& ends) -> Task<void> {
      co_await close.pass();
      WebSocketEnd end = co_await socket.close(1008, "no more");
      ends += fmt::format("closer {} ", end.reason.code);
    }(close, socket, ends));
    auto message = co_await socket.receive();
    ends += fmt::format("receiver {} {} ", message.error().reason.code, message.error().by_peer);
    co_await beside.join();
  };
  TestServer server(websocket({}, converse));
  WebSocketTestClient client(server);
  close.wait_for_arrivals(1);
  close.open();
  EXPECT_EQ(code_of_close(client.receive()), 1008);
  client.send(close_frame(1008));
  EXPECT_TRUE(client.ends());
  server.shutdown(Milliseconds(0));
  EXPECT_TRUE(ends == "receiver 1008 false closer 1008 " || ends == "closer 1008 receiver 1008 false ") << ends;
}

TEST(WebSocket, AHandlerThatComesBackDuringACloseIsToldTheEnd) {
  Gate back;
  std::string ends;
  Conversation converse = [&](WebSocket& socket) -> Task<void> {
    TaskGroup beside;
    beside.spawn([](WebSocket& socket, std::string& ends) -> Task<void> {
      ends += fmt::format("closer {} ", (co_await socket.close(4001)).reason.code);
    }(socket, ends));
    co_await back.pass();
    ends += fmt::format("receiver {} ", (co_await socket.receive()).error().reason.code);
    co_await beside.join();
  };
  TestServer server(websocket({}, converse));
  WebSocketTestClient client(server);
  EXPECT_EQ(code_of_close(client.receive()), 4001);
  back.wait_for_arrivals(1);
  back.open();
  client.send(close_frame(4001));
  EXPECT_TRUE(client.ends());
  server.shutdown(Milliseconds(0));
  EXPECT_TRUE(ends == "closer 4001 receiver 4001 ") << ends;
}

TEST(WebSocket, ASilentPeerIsPingedAndTakenForGone) {
  Echoes echoes;
  TestServer server(echoes.handler({.ping_interval = Milliseconds(200)}));
  WebSocketTestClient client(server);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.receive(), (Frame{0x89, ""}));
    client.send(masked_frame(0x8a, ""));
  }
  EXPECT_EQ(client.receive(), (Frame{0x89, ""}));
  EXPECT_TRUE(client.ends());  // it answers no more
  EXPECT_EQ(echoes.next_end(), "peer 1006 ");
}

TEST(WebSocket, AnIdleConnectionIsClosedPingsOrNot) {
  Echoes echoes;
  TestServer server(echoes.handler({.idle_timeout = Milliseconds(100)}));
  WebSocketTestClient client(server);
  client.send(masked_ping());
  EXPECT_EQ(client.receive().first, 0x8a);
  EXPECT_EQ(code_of_close(client.receive()), 1001);
  client.send(close_frame(1001));
  EXPECT_EQ(echoes.next_end(), "we 1001 The connection is idle.");
}

TEST(WebSocket, AMessageThatStopsComingIsClosed) {
  TestServer server(websocket({.message_timeout = Milliseconds(50)}, echo));
  WebSocketTestClient in_frame(server), between_frames(server);
  in_frame.send(text_frame("a message").substr(0, 8));
  between_frames.send(masked_frame(0x01, "a") + masked_ping());
  EXPECT_EQ(between_frames.receive().first, 0x8a);
  EXPECT_EQ(code_of_close(in_frame.receive()), 1008);
  EXPECT_EQ(code_of_close(between_frames.receive()), 1008);
}

TEST(WebSocket, AShutdownClosesIdleConnectionsAtOnce) {
  constexpr Milliseconds generous{60'000};
  Echoes echoes;
  TestServer server({.loops = 2}, echoes.handler());
  WebSocketTestClient one(server), other(server);
  SteadyTime began = test_clock.steady();
  std::thread ending([&] { server.shutdown(generous); });
  for (WebSocketTestClient* each : {&one, &other}) {
    EXPECT_EQ(code_of_close(each->receive()), 1001);
    each->send(close_frame(1001));
    EXPECT_TRUE(each->ends());
    EXPECT_EQ(echoes.next_end(), "we 1001 The server shuts down.");
  }
  ending.join();
  EXPECT_LT(test_clock.steady() - began, generous);
}

TEST(WebSocket, AHandlerInTheMiddleOfSomethingIsToldByItsToken) {
  Gate never;
  TestServer server([&](Exchange& exchange) -> Task<void> {
    auto socket = co_await WebSocket::accept(exchange);
    EXPECT_FALSE(co_await never.pass(exchange.stop_token()));
    (void)co_await (*socket)->receive();
  });
  WebSocketTestClient client(server);
  never.wait_for_arrivals(1);
  std::thread ending([&] { server.shutdown(Milliseconds(60'000)); });
  EXPECT_EQ(code_of_close(client.receive()), 1001);
  client.send(close_frame(1001));
  ending.join();
}

TEST(WebSocket, AShutdownDoesNotWaitForAPeerThatDoesNot) {
  TestServer server(websocket({.close_timeout = Milliseconds(60'000)}, echo));
  WebSocketTestClient client(server);
  server.shutdown(Milliseconds(0));
  EXPECT_EQ(server.server.stats().connections_open, 0u);
}

TEST(WebSocket, SendingAfterTheEndIsRefused) {
  std::string code;
  TestServer server(websocket({}, [&](WebSocket& socket) -> Task<void> {
    while (co_await socket.receive()) {
    }
    code = (co_await socket.send("late")).error().code;
    EXPECT_FALSE((co_await socket.receive()).has_value());  // the end stays what it was
    EXPECT_EQ((co_await socket.close()).reason.code, 1000);
  }));
  WebSocketTestClient client(server);
  client.send(close_frame(1000));
  EXPECT_EQ(client.receive().first, 0x88);
  EXPECT_TRUE(client.ends());
  server.shutdown(Milliseconds(0));
  EXPECT_EQ(code, "ConnectionClosed");
}

}  // namespace
}  // namespace outcrop::net
