// Requests that wait for quota under a clock that stands still: who may, whose turn it is, and how waiting ends. Of the model's 200,000
// tokens a minute 3,333 and a third come back every second.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/bedrock-runtime/limits.h"
#include "services/bedrock-runtime/quota/testing/quota_world.h"

namespace outcrop::bedrock_runtime {
namespace {

using ::testing::HasSubstr;

class QuotaWaiting : public QuotaWorld {};

TEST_F(QuotaWaiting, ARequestThatDoesNotSaySoIsRefusedAtOnce) {
  use_up();
  EXPECT_EQ(ask({.input_tokens = 1'000}).refusal(), "Too many tokens, please wait before trying again.");
}

TEST_F(QuotaWaiting, ItGoesWhenTheBucketHasRefilled) {
  use_up();
  Asked& asked = ask_to_wait(10'000, Seconds(5));
  EXPECT_TRUE(asked.waits());
  world.advance(Milliseconds(2'990));
  EXPECT_TRUE(asked.waits());
  world.advance(Milliseconds(10));
  EXPECT_TRUE(asked.is_admitted());
}

TEST_F(QuotaWaiting, ItIsRefusedAtOnceWhenItsTurnWouldComeTooLate) {
  use_up();
  EXPECT_EQ(ask_to_wait(10'000, Milliseconds(2'900)).refusal(), "Too many tokens, please wait before trying again.");
  EXPECT_EQ(ask_to_wait(tokens_per_minute() + 1, limits::wait_max).refusal(), "Too many tokens, please wait before trying again.");
}

TEST_F(QuotaWaiting, ThoseBeforeItCount) {
  use_up();
  EXPECT_TRUE(ask_to_wait(10'000, Seconds(5)).waits());
  EXPECT_FALSE(ask_to_wait(10'000, Seconds(5)).waits()) << "its turn would come after six seconds";
  EXPECT_TRUE(ask_to_wait(10'000, Seconds(6)).waits());
}

TEST_F(QuotaWaiting, ItGoesAsSoonAsAnotherGivesBack) {
  auto other = reserve({.input_tokens = 1'000, .output_tokens_max = tokens_per_minute() - 1'000});
  ASSERT_TRUE(other);
  Asked& asked = ask_to_wait(50'000, Seconds(60));
  ASSERT_TRUE(asked.waits());
  settle(*other, {.input = 1'000, .output = 100});
  settle_down();
  EXPECT_TRUE(asked.is_admitted());
}

TEST_F(QuotaWaiting, TheForecastCountsOnWhatRequestsUnderWayGaveBackSoFar) {
  auto first = reserve({.input_tokens = 1'000, .output_tokens_max = 99'000});
  ASSERT_TRUE(first);
  world.advance(Seconds(4));
  settle(*first, {.input = 1'000, .output = 100});
  world.advance(Seconds(60));
  auto second = reserve({.input_tokens = 1'000, .output_tokens_max = tokens_per_minute() - 1'000});
  ASSERT_TRUE(second);
  EXPECT_TRUE(ask_to_wait(100'000, Seconds(5)).waits()) << "refilling alone would take half a minute";
}

TEST_F(QuotaWaiting, TenantsTakeTurns) {
  use_up();
  std::vector<Asked*> many;
  for (int i = 0; i < 3; ++i) many.push_back(&ask_to_wait(10'000, Seconds(60), "AKIAMANY"));
  Asked& one = ask_to_wait(10'000, Seconds(60), "AKIAONE");
  world.advance(Seconds(3));
  EXPECT_TRUE(many[0]->is_admitted());
  EXPECT_TRUE(one.waits());
  world.advance(Seconds(3));
  EXPECT_TRUE(one.is_admitted()) << "though two came before it";
  EXPECT_TRUE(many[1]->waits());
  world.advance(Seconds(3));
  EXPECT_TRUE(many[1]->is_admitted());
}

TEST_F(QuotaWaiting, WhoSendsManyDoesNotMakeAnothersForecastWorse) {
  use_up();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(ask_to_wait(10'000, Seconds(60), "AKIAMANY").waits());
  EXPECT_TRUE(ask_to_wait(10'000, Seconds(6), "AKIAONE").waits()) << "second in turn, not sixth";
}

TEST_F(QuotaWaiting, PriorityGoesBeforeTheDefaultBeforeFlex) {
  use_up();
  const net::Headers patient = {{"x-outcrop-max-wait-ms", "60000"}};
  Asked& flex = ask({.input_tokens = 10'000, .tier = inference::ServiceTier::flex}, patient, "A");
  Asked& standard = ask({.input_tokens = 10'000, .tier = inference::ServiceTier::standard}, patient, "B");
  Asked& priority = ask({.input_tokens = 10'000, .tier = inference::ServiceTier::priority}, patient, "C");
  world.advance(Seconds(3));
  EXPECT_TRUE(priority.is_admitted());
  EXPECT_TRUE(standard.waits());
  world.advance(Seconds(3));
  EXPECT_TRUE(standard.is_admitted());
  EXPECT_TRUE(flex.waits());
  world.advance(Seconds(3));
  EXPECT_TRUE(flex.is_admitted());
}

TEST_F(QuotaWaiting, TheFlexTierWaitsWithoutBeingAsked) {
  use_up();
  EXPECT_TRUE(ask({.input_tokens = 10'000, .tier = inference::ServiceTier::flex}).waits());
  const net::Headers impatient = {{"x-outcrop-max-wait-ms", "0"}};
  EXPECT_FALSE(ask({.input_tokens = 10'000, .tier = inference::ServiceTier::flex}, impatient).waits());
}

TEST_F(QuotaWaiting, SmallOnesDoNotOvertakeALargeOneOfTheirTier) {
  use_up();
  Asked& large = ask_to_wait(100'000, Seconds(60), "A");
  world.advance(Seconds(15));
  EXPECT_FALSE(reserve({.input_tokens = 1'000})) << "there are 50,000, which the large one waits for";
  world.advance(Seconds(15));
  EXPECT_TRUE(large.is_admitted());
}

TEST_F(QuotaWaiting, AHigherTierTakesWhatALowerOneWaitsFor) {
  use_up();
  Asked& flex = ask({.input_tokens = 100'000, .tier = inference::ServiceTier::flex});
  ASSERT_TRUE(flex.waits());
  world.advance(Seconds(15));
  EXPECT_TRUE(reserve({.input_tokens = 1'000}));
}

TEST_F(QuotaWaiting, ItEndsAtTheLatestWhenTheRequestSaid) {
  use_up();
  Asked& asked = ask_to_wait(10'000, Seconds(5));
  auto overtaking = ask({.input_tokens = 9'000, .tier = inference::ServiceTier::priority}, {{"x-outcrop-max-wait-ms", "60000"}}).waits();
  ASSERT_TRUE(overtaking);
  world.advance(Seconds(5));
  EXPECT_EQ(asked.refusal(), "Too many tokens, please wait before trying again.");
}

TEST_F(QuotaWaiting, AClientThatGoesLeavesTheQueue) {
  use_up();
  Asked& gone = ask_to_wait(10'000, Seconds(60), "A");
  ASSERT_TRUE(gone.waits());
  call_stop.request_stop();
  settle_down();
  EXPECT_FALSE(gone.waits());
  EXPECT_FALSE(gone.is_admitted());
  call_stop = {};
  Asked& next = ask_to_wait(10'000, Seconds(3), "B");
  world.advance(Seconds(3));
  EXPECT_TRUE(next.is_admitted());
}

TEST_F(QuotaWaiting, AWaitThatIsNoneIsRefused) {
  for (const char* wait : {"", "-1", "1.5", "soon", "300001", "99999999999999999999"}) {
    Asked& asked = ask({.input_tokens = 1}, {{"x-outcrop-max-wait-ms", wait}});
    ASSERT_FALSE(asked.waits() || asked.is_admitted()) << wait;
    EXPECT_EQ(asked.answer->error().code, "ValidationException");
    EXPECT_THAT(asked.refusal(), HasSubstr("from 0 to 300000"));
  }
}

TEST_F(QuotaWaiting, TheRoomIsBounded) {
  use_up();
  call.request_bytes = limits::waiting_bytes_max / 2;
  EXPECT_TRUE(ask_to_wait(1, Seconds(60)).waits());
  EXPECT_TRUE(ask_to_wait(1, Seconds(60)).waits());
  call.request_bytes = 1;
  EXPECT_FALSE(ask_to_wait(1, Seconds(60)).waits());
}

TEST_F(QuotaWaiting, ARefusalTellsWhatIsLeftAndWhenToComeBack) {
  use_up();
  Asked& asked = ask({.input_tokens = 10'000});
  EXPECT_EQ(asked.call.answer_headers.get("retry-after"), "3");
  EXPECT_EQ(asked.call.answer_headers.get("x-outcrop-ratelimit-remaining-tokens"), "0");
  EXPECT_EQ(asked.call.answer_headers.get("x-outcrop-ratelimit-reset-tokens"), "60");
  EXPECT_EQ(asked.call.answer_headers.get("x-outcrop-ratelimit-remaining-requests"), "199");
  Asked& too_large = ask({.input_tokens = tokens_per_minute() + 1});
  EXPECT_EQ(too_large.call.answer_headers.find("retry-after"), nullptr) << "it never fits";
}

TEST_F(QuotaWaiting, MetricsTellHowManyWaitAndHowItEnded) {
  use_up();
  ask_to_wait(10'000, Seconds(60));
  EXPECT_THAT(metrics.prometheus_text(), HasSubstr("outcrop_bedrock_quota_waiting 1"));
  world.advance(Seconds(3));
  EXPECT_THAT(metrics.prometheus_text(), HasSubstr("outcrop_bedrock_quota_waiting 0"));
  EXPECT_THAT(metrics.prometheus_text(), HasSubstr("outcrop_bedrock_quota_waits_total{outcome=\"admitted\"} 1"));
  EXPECT_THAT(metrics.prometheus_text(), HasSubstr("outcrop_bedrock_quota_wait_seconds_count 1"));
}

}  // namespace
}  // namespace outcrop::bedrock_runtime
