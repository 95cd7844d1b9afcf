#include "inference/embedded/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inference/embedded/limits.h"
#include "inference/embedded/unicode.h"
#include "inference/embedded/wording.h"

namespace outcrop::embedded {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view handbook =
    "Opening hours\n=============\n\n"
    "The library is open from 9 to 17 on weekdays. On Saturdays it closes at noon. The reading room was built in 1902 by Anna Keller.\n\n"
    "Loans\n=====\n\n"
    "A loan is the right to take a book home. Members may borrow twelve books at once. Books must be returned after four weeks, because "
    "others wait for them. Overdue books cost two euros a week.\n\n"
    "You need to bring:\n\n* your membership card\n\n* the book\n\n"
    "Lost books are paid for at their list price. Ask the desk at desk@library.example or call 555 1234.\n";

std::string answer_text(std::string_view message, std::vector<Source> sources = {{"handbook.txt", handbook}}) {
  Result<Answer> found = answer(std::move(sources), message);
  return found ? found->text() : "fault: " + found.error().message;
}

TEST(Answer, QuotesTheSentenceThatAnswersAndNamesItsSource) {
  EXPECT_EQ(answer_text("How many books can I borrow?"), "Members may borrow twelve books at once.\n(handbook.txt, Loans)");
}

TEST(Answer, LooksForWhatTheQuestionAsksFor) {
  EXPECT_THAT(answer_text("Who built the reading room?"), HasSubstr("Anna Keller"));
  EXPECT_THAT(answer_text("When was the reading room built?"), HasSubstr("1902"));
  EXPECT_THAT(answer_text("Why do books have to be returned?"), HasSubstr("because others wait"));
  EXPECT_THAT(answer_text("What is a loan?"), HasSubstr("A loan is the right"));
}

TEST(Answer, QuotesAListWithItsIntroduction) {
  std::string text = answer_text("What do I need to bring?");
  EXPECT_THAT(text, HasSubstr("your membership card"));
  EXPECT_THAT(text, HasSubstr("the book"));
}

TEST(Answer, UnderstandsWordsOfNearMeaning) {
  std::string_view manual =
      "Programs can signal that a reboot is required. Anyone may second a proposal. The manual describes each configuration option.";
  EXPECT_THAT(answer_text("How does a program announce that the machine has to be restarted?", {{"", manual}}), HasSubstr("a reboot"));
  EXPECT_THAT(answer_text("What does the doc say about config options?", {{"", manual}}), HasSubstr("configuration option"));
}

TEST(Answer, FindsWordsThatAreWrittenTogetherOrApart) {
  EXPECT_THAT(answer_text("What is said about file systems?", {{"", "The filesystem is old. Pets are nice. A pet has a file."}}),
              testing::StartsWith("The filesystem is old."));
}

TEST(Answer, WantsANumberOfWhatIsCounted) {
  std::string_view text =
      "A line has fields of 80 columns.\n\nOn a line there are seven fields, as is known from the old days of printing.\n";
  EXPECT_THAT(answer_text("How many fields does a line have?", {{"", text}}), testing::StartsWith("On a line there are seven fields"));
}

TEST(Answer, QuotesTheTermWithWhatIsSaidOfIt) {
  std::string_view text =
      "These users exist.\n\nnobody\n   Has no rights at all. The account must never own a file.\n\nroot\n   Has all rights.\n";
  EXPECT_THAT(answer_text("Which account must never own a file?", {{"", text}}), testing::StartsWith("nobody\n"));
}

TEST(Answer, QuotesARowOfATableUnderItsHead) {
  std::string_view text = "Limits are as set.\n\n| plan | requests |\n|---|---|\n| free | 100 per day |\n| pro | 9000 per day |\n";
  EXPECT_EQ(answer_text("How many requests does the free plan have?", {{"", text}}),
            "| plan | requests |\n|---|---|\n| free | 100 per day |");
}

TEST(Answer, MakesOneQuoteOfSentencesThatFollowOneAnother) {
  Result<Answer> found = answer({{"", "Cats eat fish. Cats eat fish daily. Dogs bark. Birds sing."}}, "What do cats eat?");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->parts.size(), 1u);
  EXPECT_EQ(found->parts[0].text, "Cats eat fish. Cats eat fish daily.");
}

TEST(Answer, AddsTheSentenceThatHoldsWhatTheQuestionAsksFor) {
  std::string_view text = "Many people have worked on this standard. The list is: Anna Keller, Bert Lang. It is free.";
  EXPECT_THAT(answer_text("Who worked on the standard?", {{"", text}}), HasSubstr("Anna Keller"));
}

TEST(Answer, TellsWhatHappensThen) {
  std::string_view text = "Two programs must not have the same name. If this happens, one of them is renamed. Names of files may be long.";
  EXPECT_THAT(answer_text("What happens when two programs have the same name?", {{"", text}}), HasSubstr("is renamed"));
}

TEST(Answer, PrefersWhatHoldsToWhatChanged) {
  std::string_view text = "1.1. Version 2.0\n\nThe size limit of uploads is 5 MB.\n\n1.2. Rules\n\nThe size limit of uploads is 9 MB.\n";
  EXPECT_THAT(answer_text("What is the size limit of uploads?", {{"", text}}), testing::StartsWith("The size limit of uploads is 9 MB."));
}

TEST(Answer, IsMadeOfVerbatimPartsOfTheInput) {
  for (std::string_view message :
       {"How many books can I borrow?", "Summarise the handbook in two sentences.", "List all email addresses."}) {
    Result<Answer> found = answer({{"handbook.txt", handbook}}, message);
    ASSERT_TRUE(found && found->found);
    bool quoted = false;
    for (const AnswerPart& part : found->parts) {
      if (!part.quote) continue;
      quoted = true;
      EXPECT_EQ(part.text, handbook.substr(part.quote->begin, part.quote->end - part.quote->begin));
    }
    EXPECT_TRUE(quoted) << message;
  }
}

TEST(Answer, SaysThatNothingWasFoundAndTheScoreItWants) {
  Result<Answer> found = answer({{"handbook.txt", handbook}}, "What does the mayor think about football?");
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->found);
  EXPECT_THAT(found->text(), HasSubstr("I found no answer"));
  EXPECT_THAT(found->text(), HasSubstr("I quote from 40% on"));
}

TEST(Answer, SaysWhatItIsWhenThereIsNothingToAnswerFrom) {
  EXPECT_EQ(answer_text("hello", {}), wording::introduction);
  EXPECT_EQ(answer_text("Who are you?", {}), wording::introduction);
  EXPECT_EQ(answer_text("How tall is the Eiffel tower?", {}), wording::no_text);
  EXPECT_EQ(answer_text("", {}), wording::introduction);
}

TEST(Answer, RefusesToComposeAndToTranslate) {
  EXPECT_EQ(answer_text("Translate the handbook to German."), wording::cannot_compose);
  EXPECT_EQ(answer_text("Please write a poem about the library."), wording::cannot_compose);
  EXPECT_NE(answer_text("Who may write letters to the library?"), wording::cannot_compose);
}

TEST(Answer, ReadsTheTextThatAMessageBringsAlong) {
  std::string_view message = "The train leaves at 7:45 from platform 4. It arrives in Basel at noon.\n\nWhen does the train leave?";
  EXPECT_THAT(answer_text(message, {}), HasSubstr("The train leaves at 7:45"));
}

TEST(Answer, SummarisesInAsManySentencesOrBulletsAsAsked) {
  Result<Answer> two = answer({{"", handbook}}, "Summarize this in 2 sentences.");
  ASSERT_TRUE(two);
  EXPECT_EQ(std::ranges::count_if(two->parts, [](const AnswerPart& part) { return part.quote.has_value(); }), 2);
  std::string bullets = answer_text("Summarise the text in three bullet points");
  EXPECT_EQ(std::ranges::count(bullets, '-'), 3);
  EXPECT_TRUE(bullets.starts_with("- "));
}

TEST(Answer, SummarisesOnlyWhatTheMessageBrings) {
  EXPECT_THAT(answer_text("Summarise this in one sentence: The cat sat on the mat. The mat belongs to the cat. It rained."),
              HasSubstr("mat"));
}

TEST(Answer, ExtractsEachAddressOnce) { EXPECT_EQ(answer_text("Extract all email addresses from the text"), "desk@library.example"); }

TEST(Answer, NamesKeyPhrases) { EXPECT_THAT(answer_text("What are the 5 key phrases of this text?"), HasSubstr("reading room")); }

TEST(Answer, IsTheSameEveryTime) { EXPECT_EQ(answer_text("What about books?"), answer_text("What about books?")); }

TEST(Answer, RefusesMoreTextThanTheLimit) {
  std::string text(text_bytes_max + 1, 'a');
  EXPECT_EQ(answer_text("What is a?", {{"", text}}), "fault: Input is too long for requested model.");
}

TEST(Pieces, TogetherAreTheText) {
  EXPECT_THAT(pieces("To be,\n or not"), ElementsAre("To", " be,", "\n or", " not"));
  EXPECT_THAT(pieces(""), ElementsAre());
}

}  // namespace
}  // namespace outcrop::embedded
