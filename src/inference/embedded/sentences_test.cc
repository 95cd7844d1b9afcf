#include "inference/embedded/sentences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace outcrop::embedded {
namespace {

using testing::ElementsAre;

std::vector<std::string_view> sentences(std::string_view text) {
  std::vector<std::string_view> found;
  for (const Sentence& sentence : outline(text).sentences) found.push_back(sentence.in(text));
  return found;
}

TEST(Sentences, EndAtFullStopsFollowedByACapital) {
  EXPECT_THAT(sentences("It rains. Take a coat! Why? Because."), ElementsAre("It rains.", "Take a coat!", "Why?", "Because."));
}

TEST(Sentences, DoNotEndAtAbbreviationsInitialsAndNumbers) {
  EXPECT_THAT(sentences("Dr. Smith met David A. Morris, e.g. at 3.5 km. He left."),
              ElementsAre("Dr. Smith met David A. Morris, e.g. at 3.5 km.", "He left."));
}

TEST(Sentences, KeepClosingQuotesAndBrackets) {
  EXPECT_THAT(sentences("He said \"Go.\" She went. (So did we.) Then"),
              ElementsAre("He said \"Go.\"", "She went.", "(So did we.)", "Then"));
}

TEST(Sentences, RunOverWrappedLinesAndKeepThemVerbatim) {
  EXPECT_THAT(sentences("One sentence\nover two lines. Another\none.\n\nNext"),
              ElementsAre("One sentence\nover two lines.", "Another\none.", "Next"));
}

TEST(Sentences, LeaveFootnoteMarksOut) {
  EXPECT_THAT(sentences("It holds.  [1] So does this. [2]\n"), ElementsAre("It holds.", "So does this."));
}

TEST(Sentences, OfChineseEndWithoutASpace) { EXPECT_THAT(sentences("今天下雨。带伞！"), ElementsAre("今天下雨。", "带伞！")); }

TEST(Sentences, AreCutWhenTheyNeverEnd) {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += "word ";
  auto found = sentences(text);
  EXPECT_GT(found.size(), 3u);
  for (std::string_view sentence : found) EXPECT_TRUE(sentence.ends_with("word"));
}

TEST(Outline, FindsUnderlinedAndMarkdownHeadings) {
  std::string_view text = "Title\n=====\n\nText.\n\nPart\n----\n\nMore.\n\n# Other\nEnd.\n";
  Outline read = outline(text);
  ASSERT_EQ(read.sections.size(), 4u);
  EXPECT_EQ(read.sections[1].in(text), "Title");
  EXPECT_EQ(read.sections[2].in(text), "Part");
  EXPECT_EQ(read.sections[2].parent, 1u);
  EXPECT_EQ(read.sections[3].in(text), "Other");
}

TEST(Outline, FindsNumberedHeadings) {
  std::string_view text = "3.2. The name\n\nEvery package has one.\n\nArticle 5. Fees\n\nNone.\n";
  Outline read = outline(text);
  ASSERT_EQ(read.sections.size(), 3u);
  EXPECT_EQ(read.sections[1].in(text), "3.2. The name");
  EXPECT_EQ(read.sections[2].in(text), "Article 5. Fees");
}

TEST(Outline, JoinsAListToTheSentenceThatIntroducesIt) {
  std::string_view text = "Bring these:\n\n* a coat\n\n* a hat\n\nThen go.\n";
  auto found = outline(text).sentences;
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[1].in(text), "a coat");
  EXPECT_EQ(found[1].kind, SentenceKind::item);
  EXPECT_EQ(found[1].lead, 0u);
  EXPECT_EQ(found[2].lead, 0u);
  EXPECT_EQ(found[3].lead, nothing);
}

TEST(Outline, KeepsADefinitionWithItsTerm) {
  std::string_view text = "upstream\n   The source of software. It is elsewhere.\n";
  auto found = outline(text).sentences;
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].in(text), "upstream\n   The source of software.");
}

TEST(Outline, TakesEntriesOfATableOfContentsForHeadings) {
  std::string_view text = "* 1.1. Scope\n\n* 1.2. Names\n\n1.1. Scope\n==========\n\nAll of it.\n";
  auto found = outline(text).sentences;
  EXPECT_EQ(found[0].kind, SentenceKind::heading);
  EXPECT_EQ(found[1].kind, SentenceKind::item);
}

TEST(Outline, ReadsAParagraphWhoseFirstLineIsSetInAsOne) {
  std::string_view text =
      "  To \"convey\" a work means any kind of copying that enables\nother parties to make copies.  Looking at it is not.\n";
  EXPECT_THAT(sentences(text), ElementsAre("To \"convey\" a work means any kind of copying that enables\nother parties to make copies.",
                                           "Looking at it is not."));
}

TEST(Outline, FindsNumberedHeadingsThatAreSetIn) {
  std::string_view text = "   5.1. Header stanza\n\n   Text.\n\n  9. Acceptance Not Required.\n\n  Nobody has to\naccept.\n";
  Outline read = outline(text);
  ASSERT_EQ(read.sections.size(), 3u);
  EXPECT_EQ(read.sections[1].in(text), "5.1. Header stanza");
  EXPECT_EQ(read.sections[2].in(text), "9. Acceptance Not Required.");
}

TEST(Outline, TakesNoItemOfAListForAHeading) {
  EXPECT_EQ(outline("The editors are:\n\n1. Anna Keller\n\n2. Bert Lang\n\nThey meet.\n").sections.size(), 1u);
  EXPECT_EQ(outline("Do this:\n\n1. wash the car\n\nThen rest.\n").sections.size(), 1u);
}

TEST(Outline, TakesNoCommentInCodeForAHeading) {
  EXPECT_EQ(outline("Such as:\n\n    build:\n    # run the tests\n    make test\n").sections.size(), 1u);
}

TEST(Outline, KnowsAListThatASentenceIntroduces) {
  Outline read = outline("The following fields may be present.\n\n* Format\n\n* Source\n\nNothing else.\n");
  ASSERT_EQ(read.sentences.size(), 4u);
  EXPECT_TRUE(read.sentences[0].introduces);
  EXPECT_EQ(read.sentences[1].lead, 0u);
  EXPECT_EQ(read.sentences[2].lead, 0u);
  EXPECT_EQ(read.sentences[3].lead, nothing);
}

TEST(Outline, LetsWhatIsSaidOfATermBelongToIt) {
  Outline read = outline("nobody\n  A user without rights. It owns no files.\n");
  ASSERT_EQ(read.sentences.size(), 2u);
  EXPECT_EQ(read.sentences[1].lead, 0u);
}

}  // namespace
}  // namespace outcrop::embedded
