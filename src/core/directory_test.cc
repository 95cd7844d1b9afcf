#include "core/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing/test_server.h"

namespace outcrop {
namespace {

using namespace std::chrono_literals;
using parcel::SendParcelInput;
using parcel::SendParcelOutput;

struct DirectoryTest : testing::Test {
  std::unique_ptr<TestServer> server = std::make_unique<TestServer>();

  Result<SendParcelOutput> send(std::string to) {
    Call call = server->make_call();
    return server->test.run(server->directory.invoke<SendParcelOutput>(call, "parcel", "SendParcel", SendParcelInput{.to = std::move(to)}));
  }
  Result<json::Value> send_json(std::string_view operation, json::Value input) {
    Call call = server->make_call();
    return server->test.run(server->directory.invoke_json(call, "parcel", operation, std::move(input)));
  }
};

TEST_F(DirectoryTest, ATypedCallCarriesItsParentsIdentity) {
  EXPECT_EQ(send("Berlin")->receipt, "111122223333/eu-central-1/Berlin/-/http://x/");
}

TEST_F(DirectoryTest, AJsonCallIsTheSameCall) {
  Result<json::Value> answer = send_json("SendParcel", json::Object{{"To", "Berlin"}, {"Contents", "tea"}});
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(*answer, json::Value(json::Object{{"Receipt", "111122223333/eu-central-1/Berlin/tea/http://x/"}}));
}

TEST_F(DirectoryTest, TheOperationsFaultIsTheAnswer) {
  EXPECT_EQ(send("nowhere").error().code, "ParcelIsLost");
  EXPECT_EQ(send_json("SendParcel", json::Object{{"To", "nowhere"}}).error().code, "ParcelIsLost");
}

TEST_F(DirectoryTest, BothWaysAreValidated) {
  EXPECT_EQ(send("x").error().code, "ValidationException");
  EXPECT_EQ(send_json("SendParcel", json::Object{{"To", "x"}}).error().code, "ValidationException");
  EXPECT_EQ(send_json("SendParcel", json::Object{}).error().code, "ValidationException");
}

TEST_F(DirectoryTest, WhatDoesNotExistIsSaid) {
  Call call = server->make_call();
  EXPECT_EQ(server->test.run(server->directory.invoke_json(call, "pigeon", "Fly", {})).error().code, "UnknownService");
  EXPECT_EQ(send_json("Fly", {}).error().code, "UnknownOperationException");
}

TEST_F(DirectoryTest, AnExceptionBecomesInternalFailure) {
  Result<SendParcelOutput> result = send("fire");
  EXPECT_EQ(result.error().code, "InternalFailure");
  EXPECT_EQ(result.error().status, 500);
  EXPECT_THAT(result.error().message, testing::Not(testing::HasSubstr("burns"))) << "what broke is nobody's business";
}

TEST_F(DirectoryTest, AServiceCallsAnotherBothWays) {
  Call call = server->make_call();
  auto forwarded = server->test.run(
      server->directory.invoke<parcel::ForwardParcelOutput>(call, "parcel", "ForwardParcel", parcel::ForwardParcelInput{.to = "Rome"}));
  EXPECT_EQ(forwarded->receipt, "typed:111122223333/eu-central-1/Rome/-/http://x/");
  forwarded = server->test.run(server->directory.invoke<parcel::ForwardParcelOutput>(
      call, "parcel", "ForwardParcel", parcel::ForwardParcelInput{.to = "Rome", .as_json = true}));
  EXPECT_EQ(forwarded->receipt, "json:111122223333/eu-central-1/Rome/-/http://x/");
}

TEST_F(DirectoryTest, CallsAndErrorsAreCounted) {
  send("Berlin");
  send("nowhere");
  send_json("SendParcel", json::Object{{"To", "x"}});
  const std::string text = server->metrics.prometheus_text();
  EXPECT_THAT(text, testing::HasSubstr("outcrop_calls_total{service=\"parcel\",operation=\"SendParcel\"} 3\n"));
  EXPECT_THAT(text, testing::HasSubstr("outcrop_errors_total{service=\"parcel\",operation=\"SendParcel\",code=\"ParcelIsLost\"} 1\n"));
  EXPECT_THAT(text, testing::HasSubstr("outcrop_call_duration_seconds_count{service=\"parcel\",operation=\"SendParcel\"} 3\n"));
}

TEST_F(DirectoryTest, AThrottleAnswersTheServicesOwnErrorAndRefillsInWallTime) {
  server = std::make_unique<TestServer>(std::vector<ThrottleLimit>{{"parcel", "SendParcel", 1, 2}});
  EXPECT_TRUE(send("Berlin"));
  EXPECT_TRUE(send("Berlin"));
  EXPECT_EQ(send("Berlin").error().code, "TooManyParcels");
  EXPECT_EQ(send_json("SendParcel", json::Object{{"To", "Berlin"}}).error().code, "TooManyParcels");
  server->test.advance(1s);
  EXPECT_TRUE(send("Berlin"));
  EXPECT_FALSE(send("Berlin"));
}

TEST_F(DirectoryTest, AnAccountsThrottleIsNotAnothers) {
  server = std::make_unique<TestServer>(std::vector<ThrottleLimit>{{"parcel", "*", 1, 1}});
  EXPECT_TRUE(send("Berlin"));
  EXPECT_FALSE(send("Berlin"));
  Call other = server->make_call();
  other.identity.account = "444455556666";
  EXPECT_TRUE(server->test.run(server->directory.invoke<SendParcelOutput>(other, "parcel", "SendParcel", SendParcelInput{.to = "Berlin"})));
}

TEST_F(DirectoryTest, TheThrottleOfAnOperationWinsOverTheServices) {
  server = std::make_unique<TestServer>(std::vector<ThrottleLimit>{{"parcel", "*", 1, 1}, {"parcel", "SendParcel", 1, 3}});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(send("Berlin"));
  EXPECT_FALSE(send("Berlin"));
}

TEST_F(DirectoryTest, InjectedErrorsAndDroppedConnectionsReachInProcessCallers) {
  server->faults.add({.service = "parcel", .remaining = 1, .error = Fault{"Weather", 503, "Snow."}});
  EXPECT_EQ(send("Berlin").error().code, "Weather");
  server->faults.add({.service = "parcel", .remaining = 1, .drop_connection = true});
  EXPECT_EQ(send("Berlin").error().code, "ServiceUnavailable");
  EXPECT_TRUE(send("Berlin"));
}

TEST_F(DirectoryTest, AnInjectedLatencyDelaysAndEndsWithTheCall) {
  server->faults.add({.remaining = 1, .latency = FixedLatency{20ms}});
  const SteadyTime begun = server->test.clock.steady();
  EXPECT_TRUE(send("Berlin"));
  EXPECT_GE(server->test.clock.steady() - begun, 20ms);
  server->faults.add({.remaining = 1, .latency = FixedLatency{300s}});
  std::stop_source stop;
  stop.request_stop();
  Call call = server->make_call();
  call.stop = stop.get_token();
  server->test.run(server->directory.invoke_json(call, "parcel", "SendParcel", json::Object{{"To", "Berlin"}}));
  EXPECT_LT(server->test.clock.steady() - begun, 60s);
}

}  // namespace
}  // namespace outcrop
