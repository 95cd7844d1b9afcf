// What reaches a collector and when, from a sender that answers as the test says.
#include "core/telemetry/telemetry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing/test_world.h"
#include "core/timers.h"

namespace outcrop::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Posted {
  std::string target, body;
};

class ScriptedSender final : public OtlpSender {
 public:
  std::deque<Result<OtlpAnswer>> answers;  // then 200
  std::vector<Posted> posted;
  bool hangs = false;  // until it is told to stop

  Task<Result<OtlpAnswer>> post(const net::Url& url, std::string body, SteadyTime deadline, std::stop_token stop) override {
    posted.push_back({url.target, std::move(body)});
    if (hangs) {
      co_await steady_until(deadline, stop);
      co_return fail("Cancelled", 499, "stopped");
    }
    if (answers.empty()) co_return OtlpAnswer{.status = 200};
    Result<OtlpAnswer> answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }
};

class ExporterTest : public ::testing::Test {
 protected:
  ExporterTest() {
    auto owned = std::make_unique<ScriptedSender>();
    sender = owned.get();
    TelemetryOptions options;
    options.exporter = {.traces = *net::parse_url("http://collector:4318/v1/traces"),
                        .metrics = *net::parse_url("http://collector:4318/v1/metrics"),
                        .source = {},
                        .spans_interval = Milliseconds(5),
                        .metrics_interval = Milliseconds(3'600'000),
                        .request_timeout = Milliseconds(3'600'000),
                        .retry_first = Milliseconds(1)};
    telemetry.emplace(world.world, metrics, std::move(owned), std::move(options));
  }

  void span(std::string name) { telemetry->start_span(call, std::move(name), SpanKind::client); }
  // Until so many requests were sent, for at most ten seconds.
  void wait_for(size_t requests) {
    world.run(waited_for(requests));
    ASSERT_GE(sender->posted.size(), requests);
  }
  Task<void> waited_for(size_t requests) {
    const SteadyTime bound = world.clock.steady() + Seconds(10);
    while (sender->posted.size() < requests && world.clock.steady() < bound) co_await steady_until(world.clock.steady() + Milliseconds(4));
  }
  std::string counted() const { return metrics.prometheus_text(); }

  TestWorld world;
  Metrics metrics{1};
  ScriptedSender* sender;
  std::optional<Telemetry> telemetry;
  Call call{.world = world.world, .identity = {}};
};

TEST_F(ExporterTest, SpansThatEndedAreSentTogetherWithTheInterval) {
  telemetry->begin();
  span("first");
  span("second");
  wait_for(1);
  EXPECT_EQ(sender->posted[0].target, "/v1/traces");
  EXPECT_THAT(sender->posted[0].body, HasSubstr("first"));
  EXPECT_THAT(sender->posted[0].body, HasSubstr("second"));
  world.run(telemetry->stop());
  EXPECT_EQ(sender->posted.size(), 1u);
  EXPECT_THAT(counted(), HasSubstr("outcrop_telemetry_spans_total{outcome=\"exported\"} 2"));
}

TEST_F(ExporterTest, WhatIsThereWhenTheServerEndsIsSent) {
  Histogram& histogram = telemetry->histogram({"gen_ai.client.token.usage", "", "{token}", {1}});
  telemetry->begin();
  histogram.record(1, {});
  span("last");
  world.run(telemetry->stop());
  ASSERT_EQ(sender->posted.size(), 2u);
  EXPECT_THAT(sender->posted[0].body + sender->posted[1].body, HasSubstr("last"));
  EXPECT_THAT(sender->posted[0].body + sender->posted[1].body, HasSubstr("gen_ai.client.token.usage"));
}

TEST_F(ExporterTest, ABatchThatIsRefusedForNowIsSentAgain) {
  for (int status : {429, 502, 503, 504}) sender->answers.push_back(OtlpAnswer{.status = status});
  telemetry->begin();
  span("patient");
  wait_for(5);
  world.run(telemetry->stop());
  EXPECT_EQ(sender->posted.size(), 5u);
  EXPECT_EQ(sender->posted[0].body, sender->posted[4].body);
  EXPECT_THAT(counted(), HasSubstr("outcrop_telemetry_spans_total{outcome=\"exported\"} 1"));
}

TEST_F(ExporterTest, ACollectorThatCannotBeReachedIsTriedFiveTimes) {
  for (int i = 0; i < 5; ++i) sender->answers.push_back(fail("ConnectionRefused", 502, "nobody there"));
  telemetry->begin();
  span("lost");
  wait_for(5);
  span("kept");
  wait_for(6);
  world.run(telemetry->stop());
  EXPECT_THAT(sender->posted[5].body, Not(HasSubstr("lost")));
  EXPECT_THAT(counted(), HasSubstr("outcrop_telemetry_spans_total{outcome=\"failed\"} 1"));
  EXPECT_THAT(counted(), HasSubstr("outcrop_telemetry_requests_total{signal=\"traces\",outcome=\"failed\"} 1"));
}

TEST_F(ExporterTest, ABatchThatIsRefusedForGoodIsNotSentAgain) {
  sender->answers.push_back(OtlpAnswer{.status = 400});
  telemetry->begin();
  span("wrong");
  wait_for(1);
  span("right");
  wait_for(2);
  world.run(telemetry->stop());
  EXPECT_THAT(sender->posted[1].body, Not(HasSubstr("wrong")));
}

TEST_F(ExporterTest, EndingDoesNotWaitForACollectorThatHangs) {
  sender->hangs = true;
  telemetry->begin();
  span("stuck");
  wait_for(1);
  world.run(telemetry->stop());
  EXPECT_THAT(counted(), HasSubstr("outcrop_telemetry_spans_total{outcome=\"failed\"} 1"));
}

TEST(Telemetry, RecordsNothingWhenItIsOff) {
  TestWorld world;
  Telemetry telemetry(world.world);
  Call call{.world = world.world, .identity = {}};
  EXPECT_FALSE(telemetry.is_on());
  EXPECT_FALSE(telemetry.start_span(call, "chat", SpanKind::client).records());
  telemetry.begin();
  world.run(telemetry.stop());
}

}  // namespace
}  // namespace outcrop::telemetry
