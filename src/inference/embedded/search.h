// Finds the sentences that answer a question: BM25 with a sentence's surroundings, then a closer look at the best by what the
// question asks for (a date for "when", a number for "how many", "X is …" for "what is X").
#pragma once
#include <vector>

#include "inference/embedded/question.h"
#include "inference/embedded/text_index.h"

namespace outcrop::embedded {

struct Hit {
  Place place;
  double score = 0;  // ranks the hits of one question; of no meaning between questions
  // 0 to 1: how much of the question's weight the sentence and its surroundings hold, less where it lacks what is asked for.
  double coverage = 0;
};

// Below this share of a question's weight a sentence is no answer. Tuned on the development questions.
inline constexpr double coverage_min = 0.4;

// At most candidates_max, best first; equals in the order of the text. Hits below coverage_min are among them.
std::vector<Hit> search(const TextIndex& index, const Question& question);

}  // namespace outcrop::embedded
