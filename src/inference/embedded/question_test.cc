#include "inference/embedded/question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inference/embedded/evidence.h"
#include "inference/embedded/synonyms.h"

namespace outcrop::embedded {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

double weight_in(std::string_view question, std::string_view term) {
  for (const QuestionTerm& each : read_question(question).terms)
    if (each.term == term) return each.weight;
  return 0;
}

TEST(Question, KnowsWhatItAsksFor) {
  EXPECT_EQ(read_question("What day is it?").kind, QuestionKind::when);
  EXPECT_EQ(read_question("Who wrote it?").kind, QuestionKind::who);
  EXPECT_EQ(read_question("Which directory holds logs?").kind, QuestionKind::where);
  EXPECT_EQ(read_question("How long is it?").kind, QuestionKind::how_many);
  EXPECT_EQ(read_question("May I copy it?").kind, QuestionKind::yes_no);
  EXPECT_EQ(read_question("How many of the fields are empty?").counted, "field");
  EXPECT_TRUE(read_question("What happens when it fails?").asks_consequence);
  EXPECT_THAT(read_question("What does \"all\" mean?").quoted, ElementsAre("all"));
}

TEST(Question, WeighsWordsByWhatTheySay) {
  EXPECT_EQ(weight_in("What kind of field is it?", "field"), 1);
  EXPECT_LT(weight_in("What kind of field is it?", "kind"), 0.5);
  EXPECT_LT(weight_in("Is it a good idea to strip it?", "idea"), weight_in("Is it a good idea to strip it?", "strip"));
  EXPECT_LT(weight_in("What may be in /usr/bin?", "usr"), weight_in("What may be in /usr/bin?", "/usr/bin"));
}

TEST(Question, ReadsAVerbWithItsParticleAsOne) {
  EXPECT_GT(weight_in("Who looks after the package?", "maintain"), 0);
  EXPECT_EQ(weight_in("Who looks after the package?", "look"), 0);
}

TEST(RelatedTerms, AreOfNearMeaningShortFormsAndOfOneFamily) {
  EXPECT_THAT(related_terms("restart"), Contains("reboot"));
  EXPECT_THAT(related_terms("config"), Contains("configur"));
  EXPECT_THAT(related_terms("specif"), Contains("specifi"));
  EXPECT_THAT(related_terms("directori"), Contains("subdirectori"));
  EXPECT_THAT(related_terms("directori"), Not(Contains("directori")));
}

TEST(Evidence, OfACountIsANumberBeforeWhatIsCounted) {
  EXPECT_TRUE(counts("stanza", "It has two or more stanzas."));
  EXPECT_FALSE(counts("stanza", "A stanza has two lines."));
  EXPECT_FALSE(counts("", "two"));
}

TEST(Evidence, KnowsHeadingsOfChanges) {
  EXPECT_TRUE(heads_changes("10.59. Version 3.0.0"));
  EXPECT_TRUE(heads_changes("Changelog"));
  EXPECT_FALSE(heads_changes("5.6.12. \"Version\""));
  EXPECT_FALSE(heads_changes("3.2. The version of a package"));
}

TEST(Evidence, KnowsASentenceThatGoesOn) {
  EXPECT_TRUE(goes_on_from("If this happens, stop."));
  EXPECT_TRUE(goes_on_from("Otherwise it fails."));
  EXPECT_FALSE(goes_on_from("Cats eat fish."));
}

}  // namespace
}  // namespace outcrop::embedded
