// How well one sentence fits the kind of a question, as a factor on its score.
#pragma once
#include <string_view>

#include "inference/embedded/question.h"

namespace outcrop::embedded {

// Above 1 when the sentence holds what the question asks for, below when it lacks it or is a poor answer to anything. `indent`
// is the sentence's (sentences.h).
double evidence(const Question& question, std::string_view sentence, uint32_t indent = 0);

// Whether the text holds something of the kind that the question asks for (a date for "when"); true of kinds that ask for none.
bool holds_asked(const Question& question, std::string_view text);

// Whether the text says how many of that term there are: "seven fields" of "field".
bool counts(std::string_view counted, std::string_view text);

// "Version 3.0.0", "Release notes": what stands below such a heading tells what changed, not what holds.
bool heads_changes(std::string_view heading);

// Whether the sentence begins with a word that points to what stands before it: "It …", "This directory …".
bool points_back(std::string_view sentence);

// Whether the sentence goes on from the one before it: "If this happens, …", "Otherwise …".
bool goes_on_from(std::string_view sentence);

// Whether words of the sentence begin with the acronym's letters: "Debian Free Software Guidelines" for DFSG.
bool spells_out(std::string_view acronym, std::string_view sentence);

}  // namespace outcrop::embedded
