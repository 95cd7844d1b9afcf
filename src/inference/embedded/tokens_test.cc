#include "inference/embedded/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inference/embedded/token_count.h"
#include "inference/embedded/unicode.h"
#include "inference/embedded/vocabulary.h"

namespace outcrop::embedded {
namespace {

using testing::ElementsAre;

TEST(Terms, AreStemsInLowerCaseWithoutStopWords) {
  EXPECT_THAT(terms("The packages were being installed by Maintainers"), ElementsAre("packag", "instal", "maintain"));
}

TEST(Terms, BringFormsOfOneWordTogether) {
  for (auto [a, b] :
       {std::pair("connection", "connected"), {"wrote", "writing"}, {"children", "child"}, {"licence", "licenses"}, {"policy", "policies"}})
    EXPECT_EQ(terms(a), terms(b)) << a;
}

TEST(Terms, KeepNumbersAndDatesWhole) {
  EXPECT_THAT(terms("1,024 bytes at 12:30 on 2022-12-17 v3.14"), ElementsAre("1,024", "byte", "12:30", "2022-12-17", "v3", "14", "v3.14"));
}

TEST(Terms, OfACompoundAreItsWordsAndThenTheWhole) {
  EXPECT_THAT(terms("/usr/bin"), ElementsAre("usr", "bin", "/usr/bin"));
  EXPECT_THAT(terms("e-mail"), ElementsAre("mail", "email"));
  EXPECT_THAT(terms("below /etc, et cetera"), ElementsAre("/etc", "cetera"));
}

TEST(Terms, LoseThePossessive) { EXPECT_EQ(terms("Alice's author’s"), (std::vector<std::string>{"alic", "author"})); }

TEST(Terms, FoldCaseBeyondAscii) { EXPECT_THAT(terms("ÉCOLE ΑΘΉΝΑΣ ВРЕМЯ Ŝanĝo"), ElementsAre("école", "αθήνασ", "время", "ŝanĝo")); }

TEST(Terms, OfScriptsWithoutSpacesArePairsOfCharacters) {
  EXPECT_THAT(terms("東京都に行く。"), ElementsAre("東京", "京都", "都に", "に行", "行く"));
  EXPECT_THAT(terms("人"), ElementsAre("人"));
}

TEST(Terms, ReadOnThroughBytesThatAreNoText) { EXPECT_THAT(terms("one\xff\xfe two\xc3"), ElementsAre("two")); }

TEST(Characters, ThatAreOverlongOrSurrogatesAreSingleBytes) {
  for (std::string_view text : {"\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    EXPECT_EQ(character_at(text, 0).code, 0xfffdu);
    EXPECT_EQ(character_at(text, 0).bytes, 1u);
  }
}

TEST(Vocabulary, NumbersTermsInTheOrderTheyCome) {
  Vocabulary vocabulary;
  EXPECT_EQ(vocabulary.add("b"), 0u);
  EXPECT_EQ(vocabulary.add("a"), 1u);
  EXPECT_EQ(vocabulary.add("b"), 0u);
  EXPECT_EQ(vocabulary.term(1), "a");
  EXPECT_EQ(vocabulary.find("c"), std::nullopt);
}

TEST(Vocabulary, FindsEveryTermOfMany) {
  Vocabulary vocabulary;
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(vocabulary.add("term" + std::to_string(i)), TermId(i));
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(vocabulary.find("term" + std::to_string(i)), TermId(i));
}

TEST(TokenCount, IsOneForACommonWordAndGrowsWithLength) {
  EXPECT_EQ(estimate_tokens(""), 0u);
  EXPECT_EQ(estimate_tokens("hello"), 1u);
  EXPECT_EQ(estimate_tokens("hello world"), 2u);
  EXPECT_GT(estimate_tokens("internationalization"), 2u);
}

TEST(TokenCount, OfEnglishIsAboutAQuarterOfItsCharacters) {
  std::string_view text = "The quick brown fox jumps over the lazy dog, and then it sleeps for the rest of the afternoon under a tree.";
  EXPECT_NEAR(double(estimate_tokens(text)), double(text.size()) / 4.5, 4);
}

}  // namespace
}  // namespace outcrop::embedded
