// Connections while they last, and every way they end: each is told once, with its code and reason, and nothing is left of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/connection/testing/connection_rig.h"

namespace outcrop::gateway {
namespace {

using net::text_frame;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using Client = net::WebSocketTestClient;
using Frame = Client::Frame;

constexpr Seconds minute{60};

// A close frame of the server, as text.
std::string ending(Client& client) {
  const Frame frame = client.receive();
  if (frame.first != 0x88) return "no close frame";
  return fmt::format("{} {}", net::code_of_close(frame), frame.payload.substr(std::min<size_t>(2, frame.payload.size())));
}

class ConnectionLife : public testing::Test {
 protected:
  // After the client has heard its end, which comes before the farewell.
  void expect_end(std::string_view told) {
    EXPECT_EQ(rig.events.next(), told);
    rig.stop(net::generous);
    EXPECT_TRUE(rig.events.is_quiet()) << "the end is told once";
    EXPECT_THAT(rig.kept(), IsEmpty());
  }
  net::Gate gate;  // outlives what waits at it
  ConnectionRig rig;
};

TEST_F(ConnectionLife, MessagesAreAnswered) {
  rig.events.on_message = [](net::WebSocketMessage message) -> Task<std::optional<net::WebSocketMessage>> {
    co_return net::WebSocketMessage{.data = "you said " + message.data};
  };
  Client client = rig.connect();
  client.send(text_frame("hello"));
  EXPECT_EQ(client.receive(), (Frame{0x81, "you said hello"}));
}

TEST_F(ConnectionLife, ASlowAnswerHoldsUpNoOther) {
  rig.events.on_message = [this](net::WebSocketMessage message) -> Task<std::optional<net::WebSocketMessage>> {
    if (message.data == "slow") co_await gate.pass();
    co_return message;
  };
  Client client = rig.connect();
  client.send(text_frame("slow"));
  client.send(text_frame("quick"));
  EXPECT_EQ(client.receive().payload, "quick");
  gate.open();
  EXPECT_EQ(client.receive().payload, "slow");
}

TEST_F(ConnectionLife, AClientThatSaysTooMuchIsReadNoMore) {
  rig.events.on_message = [this](net::WebSocketMessage message) -> Task<std::optional<net::WebSocketMessage>> {
    co_await gate.pass();
    co_return message;
  };
  Client client = rig.connect();
  for (size_t i = 0; i <= limits::messages_under_way_max; ++i) client.send(text_frame(fmt::format("{}", i)));
  gate.wait_for_arrivals(limits::messages_under_way_max);
  for (size_t i = 0; i < limits::messages_under_way_max; ++i) EXPECT_EQ(rig.events.next(), fmt::format("message {}", i));
  EXPECT_TRUE(rig.events.is_quiet());
  gate.open();
  EXPECT_EQ(rig.events.next(), fmt::format("message {}", limits::messages_under_way_max));
}

TEST_F(ConnectionLife, AMessageWhoseEventThrowsIsAnsweredWithAnError) {
  rig.events.on_message = [](net::WebSocketMessage) -> Task<std::optional<net::WebSocketMessage>> { throw std::runtime_error("a bug"); };
  Client client = rig.connect();
  client.send(text_frame("hello"));
  EXPECT_THAT(client.receive().payload, StartsWith(R"({"message": "Internal server error", "connectionId":")" + rig.last_id() + "\""));
}

TEST_F(ConnectionLife, AClientThatClosesIsToldWithItsReason) {
  Client client = rig.connect();
  client.send(net::close_frame(4001, "enough"));
  EXPECT_EQ(ending(client), "4001 ");
  expect_end("disconnect 4001 enough");
}

TEST_F(ConnectionLife, AClientThatGivesNoCodeIsToldInAwsWords) {
  Client client = rig.connect();
  client.send(net::close_frame());
  client.receive();
  expect_end("disconnect 1005 Client-side close frame status not set");
}

TEST_F(ConnectionLife, AClientThatVanishesIsTold) {
  Client client = rig.connect();
  client.socket().reset();
  expect_end("disconnect 1006 ");
}

TEST_F(ConnectionLife, AMessageThatIsTooLargeEndsTheConnection) {
  Client client = rig.connect();
  const std::string quarter(32 * 1024, 'x');
  client.send(net::masked_frame(0x01, quarter));
  for (int i = 0; i < 3; ++i) client.send(net::masked_frame(0x00, quarter));
  client.send(net::masked_frame(0x80, "x"));
  EXPECT_THAT(ending(client), StartsWith("1009"));
  client.socket().close();
  EXPECT_THAT(rig.events.next(), StartsWith("disconnect 1009"));
}

TEST_F(ConnectionLife, AMessageOf128KiBInFramesOf32IsTaken) {
  Client client = rig.connect();
  const std::string quarter(32 * 1024, 'x');
  client.send(net::masked_frame(0x01, quarter));
  for (int i = 0; i < 2; ++i) client.send(net::masked_frame(0x00, quarter));
  client.send(net::masked_frame(0x80, quarter));
  EXPECT_THAT(rig.events.next(), StartsWith("message xxx"));
}

TEST_F(ConnectionLife, AFrameThatIsTooLargeEndsTheConnection) {
  Client client = rig.connect();
  client.send(text_frame(std::string(32 * 1024 + 1, 'x')));
  EXPECT_THAT(ending(client), StartsWith("1009"));
}

TEST_F(ConnectionLife, BinaryFramesAreRefused) {
  Client client = rig.connect();
  client.send(net::binary_frame("\x01\x02"));
  EXPECT_THAT(ending(client), StartsWith("1003"));
  client.send(net::close_frame(1003));
  EXPECT_THAT(rig.events.next(), StartsWith("disconnect 1003"));
}

TEST_F(ConnectionLife, AConnectionThatIsIdleForTenMinutesIsClosed) {
  Client client = rig.connect();
  rig.advance(10 * minute - Seconds(1));
  ConnectionRig::wait_for_server(client);
  rig.advance(Seconds(1));
  EXPECT_EQ(ending(client), "1001 Going away");
  client.send(net::close_frame(1001));
  expect_end("disconnect 1001 Going away");
}

TEST_F(ConnectionLife, MessagesEitherWayKeepAConnectionAndPingsDoNot) {
  Client client = rig.connect();
  rig.advance(9 * minute);
  client.send(text_frame("I"));
  EXPECT_EQ(rig.events.next(), "message I");
  rig.advance(9 * minute);
  ASSERT_TRUE(rig.run(rig.connections.post(rig.last_id(), "and I")));
  EXPECT_EQ(client.receive().payload, "and I");
  rig.advance(9 * minute);
  ConnectionRig::wait_for_server(client);  // with a ping
  rig.advance(minute);
  EXPECT_EQ(ending(client), "1001 Going away");
}

TEST_F(ConnectionLife, ATagSetsAnotherIdleTimeOut) {
  rig.apis.tags = {{ConnectionSettings::idle_timeout_tag, "30"}};
  Client client = rig.connect();
  rig.advance(Seconds(30));
  EXPECT_EQ(ending(client), "1001 Going away");
}

TEST_F(ConnectionLife, NoConnectionLastsLongerThanTwoHours) {
  Client client = rig.connect();
  for (int i = 1; i <= 14; ++i) {
    rig.advance(8 * minute);
    client.send(text_frame("still here"));
    EXPECT_EQ(rig.events.next(), "message still here");
    ConnectionRig::wait_for_server(client);
  }
  rig.advance(8 * minute);
  EXPECT_EQ(ending(client), "1001 Going away");
}

TEST_F(ConnectionLife, WhatIsUnderWayAtTheEndIsCarriedOutAndNobodyHearsTheAnswer) {
  rig.events.on_message = [this](net::WebSocketMessage message) -> Task<std::optional<net::WebSocketMessage>> {
    co_await gate.pass();
    co_return message;
  };
  Client client = rig.connect();
  client.send(text_frame("hello"));
  gate.wait_for_arrivals(1);
  client.socket().reset();
  EXPECT_EQ(rig.events.next(), "message hello");
  EXPECT_EQ(rig.events.next(), "disconnect 1006 ") << "which does not wait for it";
  gate.open();
}

TEST_F(ConnectionLife, WhatAConnectionHoldsIsReleasedAtItsEnd) {
  Client client = rig.connect();
  EXPECT_EQ(rig.guards.released, 0);
  client.socket().reset();
  expect_end("disconnect 1006 ");
  EXPECT_EQ(rig.guards.released, 1);
}

TEST_F(ConnectionLife, AServerThatStopsClosesAndTells) {
  Client client = rig.connect();
  std::jthread agrees([&] {
    EXPECT_THAT(ending(client), StartsWith("1001"));
    client.send(net::close_frame(1001));
  });
  rig.stop(net::generous);
  EXPECT_THAT(rig.events.next(), StartsWith("disconnect 1001"));
  EXPECT_THAT(rig.kept(), IsEmpty());
}

TEST_F(ConnectionLife, WhatCannotBeToldIsKeptForTheNextServer) {
  rig.events.on_disconnect = []() -> Task<bool> { co_return false; };
  Client client = rig.connect();
  client.socket().reset();
  EXPECT_EQ(rig.events.next(), "disconnect 1006 ");
  rig.stop(net::generous);
  EXPECT_THAT(rig.kept(), SizeIs(1));
}

TEST_F(ConnectionLife, AServerThatWasKilledLeavesItsConnectionsToTheNext) {
  ConnectionContext left{.id = "leftleftleftlef=", .record = {.api_id = "api1", .stage = "live", .account = "111122223333"}};
  ASSERT_TRUE(rig.run(rig.connections.records().put(left)));
  ScriptedEvents events;
  LiveConnections next(rig.world, events, rig.guards);
  ASSERT_TRUE(rig.run(next.start()));
  Client client = rig.connect();  // which is none of those that were left
  rig.server.loops.at(0).post([&] { next.resume(); });
  EXPECT_EQ(events.next(), "disconnect 1006 ");
  EXPECT_EQ(events.last_context().id, left.id);
  EXPECT_EQ(events.last_context().record.stage, "live");
  rig.run(next.stop(net::test_clock.steady() + net::generous));
  EXPECT_THAT(rig.kept(), SizeIs(1));
  EXPECT_TRUE(events.is_quiet());
}

TEST_F(ConnectionLife, FarewellsAreCarriedOutAFewAtATime) {
  for (size_t i = 0; i < limits::farewells_under_way_max + 3; ++i)
    ASSERT_TRUE(rig.run(rig.connections.records().put({.id = fmt::format("left{}", i), .record = {}})));
  ScriptedEvents events;
  events.on_disconnect = [this]() -> Task<bool> { co_return co_await gate.pass(); };
  LiveConnections next(rig.world, events, rig.guards);
  ASSERT_TRUE(rig.run(next.start()));
  rig.server.loops.at(0).post([&] { next.resume(); });
  gate.wait_for_arrivals(limits::farewells_under_way_max);
  for (size_t i = 0; i < limits::farewells_under_way_max; ++i) events.next();
  EXPECT_TRUE(events.is_quiet());
  gate.open();
  rig.run(next.stop(net::test_clock.steady() + net::generous));
  EXPECT_THAT(rig.kept(), IsEmpty());
}

TEST_F(ConnectionLife, AServerWithoutTimeLeavesFarewellsToTheNext) {
  ASSERT_TRUE(rig.run(rig.connections.records().put({.id = "left", .record = {}})));
  LiveConnections next(rig.world, rig.events, rig.guards);
  ASSERT_TRUE(rig.run(next.start()));
  rig.run(next.stop(net::test_clock.steady()));
  EXPECT_TRUE(rig.events.is_quiet());
  EXPECT_THAT(rig.kept(), SizeIs(1));
}

TEST_F(ConnectionLife, AResetEndsConnectionsAndNobodyHearsOfIt) {
  Client client = rig.connect();
  ASSERT_TRUE(rig.run(rig.connections.forget("999999999999")));
  ConnectionRig::wait_for_server(client);
  ASSERT_TRUE(rig.run(rig.connections.forget("111122223333")));
  EXPECT_THAT(ending(client), StartsWith("1001"));
  client.send(net::close_frame(1001));
  rig.stop(net::generous);
  EXPECT_TRUE(rig.events.is_quiet());
  EXPECT_THAT(rig.kept(), IsEmpty());
}

}  // namespace
}  // namespace outcrop::gateway
