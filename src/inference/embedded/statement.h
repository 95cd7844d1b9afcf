// A sentence with what completes it: the term it describes, the sentence that its "this" points to, the list that it introduces.
#pragma once
#include "inference/embedded/question.h"
#include "inference/embedded/text_index.h"

namespace outcrop::embedded {

// Bytes [begin, end) of that source's text.
struct Quote {
  uint32_t source = 0, begin = 0, end = 0;

  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

Quote statement(const TextIndex& index, Place place);

// The statement, with the sentence after it where only that one holds what the question asks for.
Quote completed(const TextIndex& index, Place place, const Question& question);

}  // namespace outcrop::embedded
