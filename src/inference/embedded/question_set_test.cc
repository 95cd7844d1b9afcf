// The engine's quality over real texts, one of some 200 pages: committed questions, with what an answer must contain.
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <sstream>

#include "inference/embedded/answer.h"
#include "inference/embedded/unicode.h"
#include "json/json.h"

namespace outcrop::embedded {
namespace {

std::string read_gzip(const std::string& path) {
  std::string text;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return text;
  std::array<char, 65536> buffer;
  for (int bytes; (bytes = gzread(file, buffer.data(), buffer.size())) > 0;) text.append(buffer.data(), size_t(bytes));
  gzclose(file);
  return text;
}

json::Value read_json(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str()).value_or(json::Value());
}

bool is_right(const Answer& answer, const json::Array& wanted) {
  std::string text = collapse_spaces(answer.text());
  if (wanted.empty()) return !answer.found;
  return std::ranges::all_of(wanted, [&](const json::Value& alternatives) {
    return std::ranges::any_of(alternatives.as_array(),
                               [&](const json::Value& each) { return text.find(each.as_string()) != std::string::npos; });
  });
}

void check_verbatim(const Answer& answer, std::string_view text) {
  for (const AnswerPart& part : answer.parts)
    if (part.quote) EXPECT_EQ(part.text, text.substr(part.quote->begin, part.quote->end - part.quote->begin));
}

struct Score {
  size_t right = 0, asked = 0;
  std::string wrong;  // for people
};

// None when the text is not installed.
std::optional<Score> score_of(const json::Value& set) {
  std::string text = read_gzip(std::string(set.find("text")->as_string()));
  if (text.empty()) return std::nullopt;
  Result<TextIndex> index = TextIndex::build({{"text", text}});
  Score score;
  for (const json::Value& each : set.find("questions")->as_array()) {
    std::string_view question = each.find("question")->as_string();
    Answer found = answer(*index, read_request(question));
    check_verbatim(found, text);
    ++score.asked;
    if (is_right(found, each.find("contains")->as_array()))
      ++score.right;
    else
      score.wrong.append("\n  ").append(question);
  }
  return score;
}

struct QuestionSet {
  const char* name;
  size_t floor;  // right answers; what the engine reaches
};

std::string file_of(const QuestionSet& set) { return std::string("src/inference/embedded/testing/") + set.name + ".json"; }

class QuestionSets : public ::testing::TestWithParam<QuestionSet> {};

TEST_P(QuestionSets, AreAnsweredRightlyAsOftenAsTheyWere) {
  json::Value set = read_json(file_of(GetParam()));
  ASSERT_TRUE(set.is_object()) << GetParam().name << ": run from the root of the repository";
  std::optional<Score> score = score_of(set);
  if (!score) GTEST_SKIP() << "the text of " << GetParam().name << " is not installed";
  ::testing::Test::RecordProperty("right", int(score->right));
  EXPECT_GE(score->right, GetParam().floor) << "of " << score->asked << "; wrong answers to" << score->wrong;
}

std::string name_of(const ::testing::TestParamInfo<QuestionSet>& info) { return info.param.name; }

// The engine was changed for questions of these.
INSTANTIATE_TEST_SUITE_P(Development, QuestionSets,
                         ::testing::Values(QuestionSet{"policy_questions_known", 27}, QuestionSet{"policy_questions_development", 19},
                                           QuestionSet{"policy_questions_second", 87}, QuestionSet{"fhs_questions_development", 16},
                                           QuestionSet{"gpl_questions", 10}, QuestionSet{"copyright_format_questions", 16}),
                         name_of);

// Questions that it was never changed for, where there are some.
std::vector<QuestionSet> held_out_sets() {
  std::vector<QuestionSet> sets = {{"policy_questions", 22}};
  std::erase_if(sets, [](const QuestionSet& set) { return !std::ifstream(file_of(set)); });
  return sets;
}

INSTANTIATE_TEST_SUITE_P(HeldOut, QuestionSets, ::testing::ValuesIn(held_out_sets()), name_of);

}  // namespace
}  // namespace outcrop::embedded
