// What others do with connections: post to them, ask after them, end them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/connection/testing/connection_rig.h"

namespace outcrop::gateway {
namespace {

using testing::StartsWith;
using Client = net::WebSocketTestClient;
using Frame = Client::Frame;

class Posting : public testing::Test {
 protected:
  Result<void> post(const std::string& id, std::string data) { return rig.run(rig.connections.post(id, std::move(data))); }
  std::string code_of(const Result<void>& result) { return result ? "" : result.error().code; }
  // Posts until it is refused; gives the refusal, and how many were taken.
  std::string flood(const std::string& id, size_t* taken = nullptr) {
    for (size_t count = 0; count < 10'000; ++count) {
      Result<void> posted = post(id, std::string(64 * 1024, 'x'));
      if (posted) continue;
      if (taken) *taken = count;
      return posted.error().code;
    }
    return "never refused";
  }
  ConnectionRig rig;
};

TEST_F(Posting, APostArrivesAsAText) {
  Client client = rig.connect();
  EXPECT_TRUE(post(rig.last_id(), "hello"));
  EXPECT_EQ(client.receive(), (Frame{0x81, "hello"}));
}

TEST_F(Posting, WhatIsNoTextArrivesUnharmed) {
  Client client = rig.connect();
  EXPECT_TRUE(post(rig.last_id(), "\xff\x00"));
  EXPECT_EQ(client.receive().first, 0x82);
}

TEST_F(Posting, PostsOfOneCallerKeepTheirOrder) {
  Client client = rig.connect();
  const std::string id = rig.last_id();
  rig.run([](ConnectionRig& rig, const std::string& id) -> Task<bool> {
    for (int i = 0; i < 500; ++i) EXPECT_TRUE(co_await rig.connections.post(id, std::to_string(i)));
    co_return true;
  }(rig, id));
  for (int i = 0; i < 500; ++i) EXPECT_EQ(client.receive().payload, std::to_string(i));
}

TEST_F(Posting, AConnectionThatIsNotThereIsGone) {
  EXPECT_EQ(code_of(post("L0SM9cOFvHcCIhw=", "hello")), "GoneException");
  EXPECT_EQ(rig.run(rig.connections.get("L0SM9cOFvHcCIhw=")).error().status, 410);
  EXPECT_EQ(rig.run(rig.connections.end("L0SM9cOFvHcCIhw=")).error().status, 410);
}

TEST_F(Posting, AConnectionThatHasEndedIsGone) {
  Client client = rig.connect();
  const std::string id = rig.last_id();
  client.socket().reset();
  EXPECT_THAT(rig.events.next(), StartsWith("disconnect"));
  EXPECT_EQ(code_of(post(id, "hello")), "GoneException");
}

TEST_F(Posting, AMessageAboveTheLimitIsRefusedAndOneAtTheLimitIsNot) {
  Client client = rig.connect();
  EXPECT_EQ(code_of(post(rig.last_id(), std::string(128 * 1024 + 1, 'x'))), "PayloadTooLargeException");
  EXPECT_TRUE(post(rig.last_id(), std::string(128 * 1024, 'x')));
  EXPECT_EQ(client.receive().payload.size(), 128u * 1024);
}

TEST_F(Posting, APostCountsAsAMessageOfItsApi) {
  Client client = rig.connect();
  rig.guards.lets_post = false;
  EXPECT_EQ(code_of(post(rig.last_id(), "hello")), "LimitExceededException");
}

TEST_F(Posting, WhoAsksIsToldOfTheClient) {
  Client client = rig.connect();
  rig.advance(Seconds(5));
  EXPECT_TRUE(post(rig.last_id(), "hello"));
  const auto info = rig.run(rig.connections.get(rig.last_id()));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->context.record.connected_at, TestWorld::start);
  EXPECT_EQ(info->last_active_at, TestWorld::start + Seconds(5));
  EXPECT_EQ(info->context.record.source_ip, "127.0.0.1");
}

TEST_F(Posting, AConnectionThatIsEndedIsClosedNormally) {
  Client client = rig.connect();
  EXPECT_TRUE(rig.run(rig.connections.end(rig.last_id())));
  const Frame frame = client.receive();
  EXPECT_EQ(net::code_of_close(frame), 1000);
  EXPECT_EQ(frame.payload.substr(2), "Connection Closed Normally");
  EXPECT_EQ(code_of(post(rig.last_id(), "hello")), "GoneException");
  client.send(net::close_frame(1000));
  EXPECT_EQ(rig.events.next(), "disconnect 1000 Connection Closed Normally");
}

TEST_F(Posting, AClientThatTakesTooLittleCostsItsPostersARefusalAndNobodyElseAnything) {
  Client slow = rig.connect(4096);
  const std::string slow_id = rig.last_id();
  Client other = rig.connect();
  const std::string other_id = rig.last_id();
  size_t taken = 0;
  EXPECT_EQ(flood(slow_id, &taken), "LimitExceededException");
  EXPECT_TRUE(post(other_id, "still quick"));
  EXPECT_EQ(other.receive().payload, "still quick");
  for (size_t i = 0; i < taken; ++i) EXPECT_EQ(slow.receive().payload.size(), 64u * 1024) << "what was taken in charge arrives";
}

TEST_F(Posting, AClientThatTakesTooLittleIsClosedWhereATagSaysSo) {
  rig.apis.tags = {{ConnectionSettings::slow_consumer_tag, "close"}};
  Client slow = rig.connect(4096);
  EXPECT_EQ(flood(rig.last_id()), "GoneException");
  EXPECT_EQ(rig.events.next(), "disconnect 1008 The client takes too little of what is sent to it.");
}

}  // namespace
}  // namespace outcrop::gateway
