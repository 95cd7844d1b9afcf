#include "inference/embedded/embedding.h"

#include <gtest/gtest.h>

#include "inference/embedded/bm25.h"
#include "inference/embedded/entities.h"
#include "inference/embedded/exact_math.h"
#include "inference/embedded/phrases.h"

namespace outcrop::embedded {
namespace {

double closeness(std::string_view a, std::string_view b) { return cosine(embed(a, 512).value(), embed(b, 512).value()); }

TEST(Embedding, HasTheDimensionsAskedForAndLengthOne) {
  for (size_t dimensions : {1, 256, 512, 1024, 1536}) {
    auto vector = embed("The library opens at nine.", dimensions).value();
    EXPECT_EQ(vector.size(), dimensions);
    EXPECT_NEAR(cosine(vector, vector), 1, 1e-5);
  }
  EXPECT_FALSE(embed("x", 0));
  EXPECT_FALSE(embed("x", 100'000));
}

TEST(Embedding, LiesCloserToWhatSaysTheSame) {
  struct Case {
    std::string_view text, like, unlike;
  };
  for (const Case& each : {Case{"How do I reset my password?", "Resetting a forgotten password", "The cafeteria opens at noon"},
                           Case{"shipping costs to Canada", "What does it cost to ship a parcel to Canada?", "Our engineers prefer tea"},
                           Case{"install the package", "package installation", "delete the user"},
                           Case{"Die Bibliothek öffnet um neun", "Öffnungszeiten der Bibliothek", "Das Wetter wird schlecht"},
                           Case{"東京の天気", "東京は天気がいい", "犬が好きです"}})
    EXPECT_GT(closeness(each.text, each.like), closeness(each.text, each.unlike) + 0.1) << each.text;
}

TEST(Embedding, OfNoWordsIsStillAVector) { EXPECT_EQ(embed("...", 4).value(), (std::vector<float>{1, 0, 0, 0})); }

// Frozen: stored vectors must stay comparable.
TEST(Embedding, GivesTheSameBitsAlways) {
  auto vector = embed("one two", 4).value();
  EXPECT_EQ(vector, embed("one two", 4).value());
}

TEST(Logarithm, IsExactForPowersOfTwoAndCloseElsewhere) {
  EXPECT_EQ(log2_ratio(8, 1), 3);
  EXPECT_EQ(log2_ratio(1, 8), -3);
  EXPECT_NEAR(log2_ratio(10, 1), 3.321928, 1e-4);
}

TEST(Bm25, RanksRareTermsInShortDocumentsFirst) {
  Bm25Index index;
  std::vector<std::vector<TermId>> documents = {{0, 1, 2, 3, 4}, {0, 1}, {0, 5}, {0, 6}};
  for (const auto& document : documents) index.add(document);
  index.finish(7);
  std::vector<double> scores(4);
  std::vector<WeightedTerm> query = {{1, 1}};
  index.add_scores(query, 1, scores);
  EXPECT_GT(scores[1], scores[0]);
  EXPECT_GT(scores[0], 0);
  EXPECT_EQ(scores[2], 0);
  EXPECT_GT(index.inverse_frequency(5), index.inverse_frequency(0));
}

std::string found(EntityKind kind, std::string_view text) {
  std::string all;
  for (const Entity& entity : entities(text))
    if (entity.kind == kind) all.append(all.empty() ? "" : "|").append(entity.in(text));
  return all;
}

TEST(Entities, AreDates) {
  EXPECT_EQ(found(EntityKind::date, "on November 27th, 1996, 2022-12-17, 3 May 2001 or in April-July 1997"),
            "November 27th, 1996|2022-12-17|3 May 2001|April-July 1997");
  EXPECT_EQ(iso_date("November 27th, 1996"), "1996-11-27");
  EXPECT_EQ(iso_date("3/4/2024"), "2024-03-04");
  EXPECT_EQ(iso_date("2023-02-30"), "");
  EXPECT_EQ(iso_date("tomorrow"), "");
}

TEST(Entities, AreAddressesPathsAndAmounts) {
  EXPECT_EQ(found(EntityKind::email, "Ann <ann.b@example.com>, @nobody, x@y"), "ann.b@example.com");
  EXPECT_EQ(found(EntityKind::url, "see https://example.com/a?b=c. Or www.example.com!"), "https://example.com/a?b=c|www.example.com");
  EXPECT_EQ(found(EntityKind::path, "in \"/usr/share/doc\" and /etc/passwd."), "/usr/share/doc|/etc/passwd");
  EXPECT_EQ(found(EntityKind::amount, "$12.50, 30 EUR, 5%, 7 apples"), "$12.50|30 EUR|5%");
}

TEST(Entities, AreNamesButNotFirstWords) {
  EXPECT_EQ(found(EntityKind::name, "It was revised by David A. Morris in Berlin. Later it grew."), "David A. Morris|Berlin");
}

TEST(KeyPhrases, AreRunsOfWordsThatComeBack) {
  auto phrases = key_phrases("The solar panel is new. A solar panel was sold. Every solar panel of ours is old.", 3);
  ASSERT_FALSE(phrases.empty());
  EXPECT_EQ(phrases[0].text, "solar panel");
  EXPECT_EQ(phrases[0].count, 3u);
}

}  // namespace
}  // namespace outcrop::embedded
