// Bedrock's quotas under a clock that stands still: what a request takes when it begins, while it streams and when it ends, by the
// arithmetic of the Bedrock User Guide, "How tokens are counted in Amazon Bedrock".
#include <gtest/gtest.h>

#include "services/bedrock-runtime/quota/testing/quota_world.h"

namespace outcrop::bedrock_runtime {
namespace {

class BedrockQuotas : public QuotaWorld {};

TEST_F(BedrockQuotas, ARequestTakesItsInputAndTheLongestAnswerWithoutTheBurnDownRate) {
  auto reservation = reserve({.input_tokens = 3'000 + 4'000 + 1'000, .output_tokens_max = 32'000});
  ASSERT_TRUE(reservation);
  EXPECT_EQ(taken(), 40'000);
}

TEST_F(BedrockQuotas, AtTheEndOutputCountsFiveTimesAndWhatWasReadFromTheCacheNotAtAll) {
  auto reservation = reserve({.input_tokens = 3'000 + 4'000 + 1'000, .output_tokens_max = 32'000});
  ASSERT_TRUE(reservation);
  settle(*reservation, {.input = 3'000, .output = 2'000, .cache_read = 4'000, .cache_write = 1'000});
  EXPECT_EQ(taken(), 3'000 + 1'000 + 5 * 2'000);
}

TEST_F(BedrockQuotas, AThousandTokensInAndAHundredOutAreFifteenHundred) {
  auto reservation = reserve({.input_tokens = 1'000, .output_tokens_max = 100});
  ASSERT_TRUE(reservation);
  settle(*reservation, {.input = 1'000, .output = 100});
  EXPECT_EQ(taken(), 1'500);
}

TEST_F(BedrockQuotas, AStreamTakesMoreAsSoonAsItHasUsedMoreThanWasReserved) {
  auto reservation = reserve({.input_tokens = 1'000, .output_tokens_max = 1'000});
  ASSERT_TRUE(reservation);
  reservation->follow(200);
  EXPECT_EQ(taken(), 2'000) << "200 tokens of output are 1000 of quota: what was reserved";
  reservation->follow(600);
  EXPECT_EQ(taken(), 1'000 + 5 * 600);
  settle(*reservation, {.input = 1'000, .output = 700});
  EXPECT_EQ(taken(), 1'000 + 5 * 700);
}

TEST_F(BedrockQuotas, WhatHasGeneratedNothingIsGivenBackButWasARequest) {
  {
    auto reservation = reserve({.input_tokens = 1'000, .output_tokens_max = 1'000});
  }
  EXPECT_EQ(taken(), 0);
  for (int i = 1; i < requests_per_minute(); ++i) ASSERT_TRUE(reserve({}));
  EXPECT_FALSE(reserve({})) << "the one that was given back counts among the requests";
}

TEST_F(BedrockQuotas, WhatIsRefusedTakesNothingAndIsToldInTheWordsOfBedrock) {
  auto refused = reserve({.input_tokens = tokens_per_minute() + 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "ThrottlingException");
  EXPECT_EQ(refused.error().status, 429);
  EXPECT_EQ(refused.error().message, "Too many tokens, please wait before trying again.");
  EXPECT_EQ(taken(), 0);
}

TEST_F(BedrockQuotas, AMinuteRefillsThem) {
  {
    ASSERT_TRUE(settled({.input_tokens = tokens_per_minute()}, {.input = tokens_per_minute()}));
  }
  EXPECT_FALSE(reserve({.input_tokens = 1'000}));
  world.advance(Seconds(60));
  EXPECT_TRUE(reserve({.input_tokens = tokens_per_minute()}));
}

TEST_F(BedrockQuotas, OfEmbeddingsCountRequestsAlone) {
  target = *model_target(catalog, call, "amazon.titan-embed-text-v2:0");
  EXPECT_TRUE(settled({.input_tokens = 10'000'000}, {.input = 10'000'000}));
  EXPECT_TRUE(settled({.input_tokens = 10'000'000}, {.input = 10'000'000}));
}

TEST_F(BedrockQuotas, AreAnAccountsInARegion) {
  ASSERT_TRUE(settled({.input_tokens = tokens_per_minute()}, {.input = tokens_per_minute()}));
  call.identity.account = "444455556666";
  EXPECT_TRUE(reserve({.input_tokens = 1'000}));
}

}  // namespace
}  // namespace outcrop::bedrock_runtime
