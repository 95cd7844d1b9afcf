// What AWS answered to TestEventPattern, and what its engine makes of its own tests' patterns; skipped where the folder is absent.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "expr/event_pattern.h"

namespace outcrop::expr {
namespace {

class EventPatternConformance : public testing::Test {
 protected:
  void SetUp() override {
    const char* root = std::getenv("OUTCROP_CONFORMANCE");
    if (root == nullptr) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: AWS's event patterns are not checked";
    root_ = root;
  }

  std::vector<json::Value> cases_of(const std::string& suite) const {
    std::vector<json::Value> cases;
    std::ifstream file(root_ + "/" + suite + "/cases.jsonl");
    for (std::string line; std::getline(file, line);) {
      auto value = json::parse(line);
      EXPECT_TRUE(value) << line;
      if (value) cases.push_back(std::move(*value));
    }
    return cases;
  }

  std::string root_;
};

std::string_view text_of(const json::Value& value, std::string_view name) { return value.find(name)->as_string(); }

// What AWS recorded of an error: its text with the place, where the recorder kept it.
std::string_view recorded_message(const json::Value& error) { return text_of(error, error.find("MessageRaw") ? "MessageRaw" : "Message"); }

TEST_F(EventPatternConformance, AnswersAreThoseOfTestEventPattern) {
  size_t compared = 0;
  for (const json::Value& recorded : cases_of("events_testeventpattern")) {
    SCOPED_TRACE(text_of(recorded, "id"));
    const json::Value& expected = *recorded.find("expected");
    auto pattern = EventPattern::parse(text_of(recorded, "pattern"));
    if (const json::Value* error = expected.find("error")) {
      if (text_of(*error, "Code") != "InvalidEventPatternException") continue;  // of the event, which the operation refuses
      ++compared;
      EXPECT_FALSE(pattern);
      if (!pattern) EXPECT_EQ(pattern.error().message, recorded_message(*error));
      continue;
    }
    ++compared;
    ASSERT_TRUE(pattern) << pattern.error().message;
    auto event = json::parse(text_of(recorded, "event"));
    ASSERT_TRUE(event) << event.error().message();
    EXPECT_EQ(pattern->matches(*event), expected.find("result")->as_bool());
  }
  EXPECT_EQ(compared, 103u);
}

TEST_F(EventPatternConformance, MatchesAreThoseOfEventRuler) {
  const auto cases = cases_of("event_ruler_match");
  EXPECT_EQ(cases.size(), 5042u);
  for (const json::Value& known : cases) {
    SCOPED_TRACE(text_of(known, "id"));
    auto pattern = EventPattern::parse(text_of(known, "pattern_text"));
    ASSERT_TRUE(pattern) << pattern.error().message;
    auto event = json::parse(text_of(known, "event_text"));
    ASSERT_TRUE(event) << event.error().message();
    EXPECT_EQ(pattern->matches(*event), known.find("match")->as_bool()) << text_of(known, "pattern_text") << "\n"
                                                                        << text_of(known, "event_text");
  }
}

TEST_F(EventPatternConformance, ErrorsAreThoseOfEventRuler) {
  const auto cases = cases_of("event_ruler_validate");
  EXPECT_EQ(cases.size(), 738u);
  for (const json::Value& known : cases) {
    SCOPED_TRACE(text_of(known, "pattern_text"));
    auto pattern = EventPattern::parse(text_of(known, "pattern_text"));
    if (known.find("valid")->as_bool()) {
      EXPECT_TRUE(pattern) << pattern.error().message;
      continue;
    }
    ASSERT_FALSE(pattern);
    EXPECT_EQ(pattern.error().message, "Event pattern is not valid. Reason: " + std::string(text_of(known, "message")));
  }
}

}  // namespace
}  // namespace outcrop::expr
