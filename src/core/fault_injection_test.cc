#include "core/fault_injection.h"

#include <gtest/gtest.h>

#include "core/testing/test_world.h"

namespace outcrop {
namespace {

using namespace std::chrono_literals;

FaultRule error_rule(std::string service, std::string operation, std::string code = "Broken") {
  return {.service = std::move(service), .operation = std::move(operation), .error = Fault{std::move(code), 500, "injected"}};
}

struct FaultInjectionTest : testing::Test {
  SeededRandom random{7};
  FaultInjection faults{random};
};

TEST_F(FaultInjectionTest, WithoutRulesNothingHappens) { EXPECT_TRUE(faults.decide("sqs", "SendMessage").is_none()); }

TEST_F(FaultInjectionTest, ARuleActsOnWhatItNamesOnly) {
  ASSERT_TRUE(faults.add(error_rule("sqs", "Send*")));
  EXPECT_EQ(faults.decide("sqs", "SendMessage").error->code, "Broken");
  EXPECT_EQ(faults.decide("sqs", "SendMessageBatch").error->code, "Broken");
  EXPECT_TRUE(faults.decide("sqs", "ReceiveMessage").is_none());
  EXPECT_TRUE(faults.decide("sns", "SendMessage").is_none());
}

TEST_F(FaultInjectionTest, ACountIsUsedUpAndTheRuleIsGone) {
  FaultRule rule = error_rule("*", "*");
  rule.remaining = 2;
  ASSERT_TRUE(faults.add(rule));
  EXPECT_FALSE(faults.decide("a", "b").is_none());
  EXPECT_FALSE(faults.decide("a", "b").is_none());
  EXPECT_TRUE(faults.decide("a", "b").is_none());
  EXPECT_TRUE(faults.list().empty());
}

TEST_F(FaultInjectionTest, ARateIsKeptOnAverage) {
  FaultRule rule = error_rule("*", "*");
  rule.rate = 0.25;
  ASSERT_TRUE(faults.add(rule));
  int hit = 0;
  for (int i = 0; i < 10'000; ++i) hit += !faults.decide("a", "b").is_none();
  EXPECT_NEAR(hit, 2500, 200);
}

TEST_F(FaultInjectionTest, LatenciesAddUpAndTheFirstErrorCounts) {
  ASSERT_TRUE(faults.add({.latency = FixedLatency{100ms}}));
  ASSERT_TRUE(faults.add(error_rule("*", "*", "First")));
  FaultRule second = error_rule("*", "*", "Second");
  second.latency = FixedLatency{50ms};
  ASSERT_TRUE(faults.add({.latency = FixedLatency{20ms}}));
  ASSERT_TRUE(faults.add(second));
  Injection injection = faults.decide("a", "b");
  EXPECT_EQ(injection.error->code, "First");
  EXPECT_EQ(injection.latency, 120ms);
}

TEST_F(FaultInjectionTest, RulesAreListedAndRemovedById) {
  const std::string id = faults.add(error_rule("sqs", "*"))->id;
  const std::string other = faults.add({.drop_connection = true})->id;
  EXPECT_NE(id, other);
  faults.decide("sqs", "X");
  EXPECT_EQ(faults.list()[0].applied, 1u);
  EXPECT_TRUE(faults.remove(id));
  EXPECT_FALSE(faults.remove(id));
  EXPECT_TRUE(faults.decide("sqs", "X").drop_connection);
  faults.clear();
  EXPECT_TRUE(faults.decide("sqs", "X").is_none());
}

TEST_F(FaultInjectionTest, RulesThatMakeNoSenseAreRefused) {
  EXPECT_FALSE(faults.add({}));
  EXPECT_FALSE(faults.add({.rate = 1.5, .drop_connection = true}));
  EXPECT_FALSE(faults.add({.remaining = 0, .drop_connection = true}));
  EXPECT_FALSE(faults.add({.error = Fault{"X", 200, ""}}));
  EXPECT_FALSE(faults.add({.error = Fault{"", 500, ""}}));
  EXPECT_FALSE(faults.add({.latency = FixedLatency{-1ms}}));
  EXPECT_FALSE(faults.add({.latency = UniformLatency{2s, 1s}}));
  EXPECT_FALSE(faults.add({.latency = FixedLatency{1h}}));
  EXPECT_TRUE(faults.list().empty());
}

TEST_F(FaultInjectionTest, SampledLatenciesFollowTheirDistribution) {
  auto samples = [&](LatencyDistribution distribution) {
    std::vector<int64_t> values;
    for (int i = 0; i < 20'000; ++i) values.push_back(sample(distribution, random).count());
    std::ranges::sort(values);
    return values;
  };
  auto uniform = samples(UniformLatency{100ms, 300ms});
  EXPECT_GE(uniform.front(), 100);
  EXPECT_LE(uniform.back(), 300);
  EXPECT_NEAR(double(uniform[10'000]), 200, 5);
  auto normal = samples(NormalLatency{1000ms, 100ms});
  EXPECT_NEAR(double(normal[10'000]), 1000, 5);
  EXPECT_NEAR(double(normal[16'827]), 1100, 10) << "one deviation above the mean";
  auto percentiles = samples(PercentileLatency{20ms, 100ms, 2000ms});
  EXPECT_NEAR(double(percentiles[10'000]), 20, 2);
  EXPECT_NEAR(double(percentiles[18'000]), 100, 30);
  EXPECT_EQ(percentiles.back(), 2000);
}

}  // namespace
}  // namespace outcrop
