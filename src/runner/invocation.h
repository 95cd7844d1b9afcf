// Invocation: one event that a function is given, and Answer: what comes back, while the function makes it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/task.h"

namespace outcrop::runner {

struct Invocation {
  std::string request_id;           // UUID: the invocation's
  std::string payload;              // JSON
  std::string invoked_arn;          // as the caller named the function, with its qualifier: what context.invokedFunctionArn is
  std::string client_context = {};  // JSON; empty: none
  std::string trace_header = {};    // X-Amzn-Trace-Id; empty: one is made
  bool is_streamed = false;         // whoever asked takes parts as they come, up to limits::streamed_response_bytes_max
  bool wants_log_tail = false;
  // Of the function, over all its versions; none: what the account has left is its bound.
  std::optional<uint32_t> reserved_concurrency = {};
};

// How it ended, complete when Answer::next() gave none.
struct Outcome {
  // "": it succeeded. "Unhandled" or "Handled": the payload (or what was told after the last part) is the error's.
  std::string function_error;
  // Of a streamed answer that failed midway: what InvokeComplete has as ErrorCode and ErrorDetails.
  std::string error_code, error_details;
  std::string log_tail;  // the last 4 KB of what it logged, when that was wanted; not encoded
};

// An answer, part by part. When a stream is not wanted it is one part. Whoever does not read it to its end closes it: the function goes on
// to its end then, as on AWS, and what it writes is dropped. Of one thread at a time.
class Answer {
 public:
  virtual ~Answer() = default;

  // "application/json"; of a streamed answer what the function said, such as "application/vnd.awslambda.http-integration-response".
  virtual const std::string& content_type() const = 0;
  // The next part, never empty; none at the end. The function is held back while nobody reads.
  virtual Task<Result<std::optional<std::string>>> next() = 0;
  virtual const Outcome& outcome() const = 0;
  virtual Task<void> close() = 0;
};

}  // namespace outcrop::runner
