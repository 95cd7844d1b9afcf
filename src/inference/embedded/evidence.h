// How well one sentence fits the kind of a question, as a factor on its score.
#pragma once
#include <string_view>

#include "inference/embedded/question.h"

namespace outcrop::embedded {

// Above 1 when the sentence holds what the question asks for, below when it lacks it or is a poor answer to anything. `indent`
// is the sentence's (sentences.h).
double evidence(const Question& question, std::string_view sentence, uint32_t indent = 0);

// Whether the sentence begins with a word that points to what stands before it: "It …", "This directory …".
bool points_back(std::string_view sentence);

// Whether words of the sentence begin with the acronym's letters: "Debian Free Software Guidelines" for DFSG.
bool spells_out(std::string_view acronym, std::string_view sentence);

}  // namespace outcrop::embedded
