// The embedded model's answer to the last message of a conversation. Whatever it says about the world is a verbatim part of a
// text it was given; its own words only say what it is, what it could not find and where a quote stands.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/embedded/request.h"
#include "inference/embedded/statement.h"
#include "inference/embedded/text_index.h"

namespace outcrop::embedded {

struct AnswerPart {
  std::string text;
  std::optional<Quote> quote;  // none for the model's own words
};

struct Answer {
  Task task = Task::question;
  bool found = false;   // whether the parts answer the request, or say that nothing does
  double coverage = 0;  // of a question: that of its best sentence (search.h)
  std::vector<AnswerPart> parts;

  std::string text() const;
};

// The given texts followed by what the request's message brings along.
std::vector<Source> with_material(std::vector<Source> sources, const Request& request);

// `index` is of with_material(…), and may be kept between requests that bring nothing along.
Answer answer(const TextIndex& index, const Request& request);

// All of it: refuses texts beyond the limits.
Result<Answer> answer(std::vector<Source> sources, std::string_view message);

// A text cut into token-like pieces, for streaming: words with the space before them. Together they are the text.
std::vector<std::string> pieces(std::string_view text);

}  // namespace outcrop::embedded
