// The stream of a family whose answers are text alone: a chunk a piece of text, and one at the end.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "inference/dialects/dialect.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference {

class TextStream : public DialectStream {
 public:
  void take(AnswerEvent event, std::vector<std::string>& chunks) final {
    if (const std::string_view text = text_of(event); !text.empty()) chunks.push_back(write_text(text));
    if (auto* end = std::get_if<AnswerEnd>(&event)) end_ = std::move(*end);
    if (auto* usage = std::get_if<AnswerUsage>(&event)) chunks.push_back(write_end(end_, usage->usage));
  }

 private:
  virtual std::string write_text(std::string_view text) = 0;
  virtual std::string write_end(const AnswerEnd& end, const Usage& usage) = 0;

  AnswerEnd end_;
};

}  // namespace outcrop::inference
