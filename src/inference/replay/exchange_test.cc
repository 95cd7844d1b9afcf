// What two requests that count as the same have in common.
#include "inference/replay/exchange.h"

#include <gtest/gtest.h>

namespace outcrop::inference {
namespace {

std::string normalised_json(std::string_view text) { return json::write(normalised(*json::parse(text))); }

TEST(NormalisedRequest, TextsLoseIdentifiersTimesAndSpaces) {
  EXPECT_EQ(normalised_json(R"({"a":" two  words\n"})"), R"({"a":"two words"})");
  EXPECT_EQ(normalised_json(R"({"a":"0f8fad5b-d9cb-469f-a165-70867728950e."})"), R"({"a":"<uuid>."})");
  EXPECT_EQ(normalised_json(R"({"a":"x0f8fad5b-d9cb-469f-a165-70867728950e"})"), R"({"a":"x0f8fad5b-d9cb-469f-a165-70867728950e"})");
  EXPECT_EQ(normalised_json(R"({"a":"2026-11-26T16:00Z, 2026-11-26 16:00:00.5+01:00, 2026-11-26"})"), R"({"a":"<time>, <time>, <time>"})");
  EXPECT_EQ(normalised_json(R"({"a":"12026-11-26 and 2026-11-261"})"), R"({"a":"12026-11-26 and 2026-11-261"})");
}

TEST(NormalisedRequest, ToolUsesAreNumberedAndMetadataLeftOut) {
  EXPECT_EQ(normalised_json(R"({"requestMetadata":{"run":"7"},"b":[{"toolUseId":"x9"},{"toolUseId":"q1"},{"toolUseId":"x9"}],"a":1.50})"),
            R"({"a":1.50,"b":[{"toolUseId":"<tool use 1>"},{"toolUseId":"<tool use 2>"},{"toolUseId":"<tool use 1>"}]})");
}

TEST(ExchangeKey, IsOfTheKindTheModelAndTheRequest) {
  const json::Value value = *json::parse(R"({"texts":["a"]})");
  const std::string key = key_of({ExchangeKind::embeddings, "m", value}, Match::exact);
  EXPECT_EQ(key.size(), 32u);
  EXPECT_EQ(key, key_of({ExchangeKind::embeddings, "m", value}, Match::exact));
  EXPECT_NE(key, key_of({ExchangeKind::embeddings, "n", value}, Match::exact));
  EXPECT_NE(key, key_of({ExchangeKind::answer, "m", value}, Match::exact));
  EXPECT_NE(key, key_of({ExchangeKind::embeddings, "m", value}, Match::normalised));
}

TEST(ExchangeDifference, NamesTheFirstPlaceThatDiffers) {
  const Difference found = difference(*json::parse(R"({"a":["x","y"],"b":1})"), *json::parse(R"({"a":["x","z"],"b":1})"));
  EXPECT_EQ(found.place, "a[1]");
  EXPECT_EQ(found.here, "y");
  EXPECT_EQ(found.there, "z");
  EXPECT_NEAR(found.likeness, 2.0 / 3, 1e-9);
}

}  // namespace
}  // namespace outcrop::inference
