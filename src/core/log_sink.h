// LogSink: how services write what they run to logs (a Lambda function's lines to "/aws/lambda/NAME"). CloudWatch Logs implements it; main
// hands it to whoever writes, so that no service knows another.
#pragma once
#include <string>
#include <vector>

#include "base/task.h"
#include "base/time.h"

namespace outcrop {

class LogSink {
 public:
  struct Stream {
    std::string account, region, group, stream;  // both are made when they are missing
  };
  struct Line {
    Instant at;
    std::string text;  // UTF-8; what is longer than an event may be is cut, what is empty left out
  };

  virtual ~LogSink() = default;

  // Returns when all of them are on disk, however many. In the order of their instants; lines of one instant stay in theirs. Lines
  // that are too old or too new for the group are left out, as AWS does.
  virtual Task<Result<void>> append(Stream to, std::vector<Line> lines) = 0;
};

}  // namespace outcrop
