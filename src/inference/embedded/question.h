// What a question asks for: its kind, which says what an answer must hold, and its terms with their weights.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::embedded {

enum class QuestionKind : uint8_t { definition, who, when, where, how_many, why, how, yes_no, what, other };

struct QuestionTerm {
  std::string term;
  double weight = 1;  // less for words that only say what kind of answer is wanted, and for those that say little
};

struct Question {
  QuestionKind kind = QuestionKind::other;
  std::vector<QuestionTerm> terms;  // each once
  std::string counted;              // the term of what "How many fields …" counts
  std::string acronym;              // what "What does DFSG stand for?" asks about
  bool asks_consequence = false;    // "What happens when …"
  std::vector<std::string> quoted;  // what it sets in quotation marks
};

// English questions are recognised by their form; of others the kind is `other`, and their terms do the work.
Question read_question(std::string_view text);

}  // namespace outcrop::embedded
