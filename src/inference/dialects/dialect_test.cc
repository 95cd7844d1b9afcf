#include "inference/dialects/dialect.h"

#include "inference/dialects/testing/dialects.h"

namespace outcrop::inference {

using namespace testing;

namespace {

std::string too_many(std::string_view name) {
  return dialect(name).too_many_tokens(9000, 4096, "us.anthropic.claude-3-5-sonnet-20241022-v2:0").message;
}

}  // namespace

TEST(Dialect, EachFamilyHasItsWordsForTooManyTokens) {
  EXPECT_EQ(too_many("anthropic-messages"),
            "max_tokens: 9000 > 4096, which is the maximum allowed number of output tokens for claude-3-5-sonnet-20241022");
  EXPECT_EQ(too_many("llama"), malformed("#/max_gen_len: 9000 is not less or equal to 4096"));
  EXPECT_EQ(too_many("titan-text"), malformed("#/textGenerationConfig/maxTokenCount: 9000 is not less or equal to 4096"));
  EXPECT_EQ(
      too_many("nova"),
      "The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.");
  EXPECT_EQ(too_many("openai-chat"),
            "max_tokens is too large: 9000. This model supports at most 4096 completion tokens, whereas you provided 9000.");
}

TEST(Dialect, OthersAreNotBuilt) { EXPECT_EQ(find_dialect("stability"), nullptr); }

}  // namespace outcrop::inference
