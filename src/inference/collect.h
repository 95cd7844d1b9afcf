// A whole answer from its events.
#pragma once
#include <vector>

#include "inference/provider.h"

namespace outcrop::inference {

struct CollectedAnswer {
  std::vector<ContentBlock> content;
  AnswerEnd end;
  Usage usage;
};

class Collector {
 public:
  // In the order they come.
  void take(AnswerEvent event);
  // After the last. A tool use whose input is no JSON ends the answer with malformed_tool_use, and the input is its text.
  CollectedAnswer finish();

 private:
  void begin(const BlockDelta& delta);
  void append(BlockDelta delta);
  void end_block();

  CollectedAnswer answer_;
  int open_ = -1;           // index of the block at the end of the content, or none
  std::string tool_input_;  // text of the open tool use's
};

// Reads an answer to its end.
Task<Result<CollectedAnswer>> collect(Answer& answer);

}  // namespace outcrop::inference
