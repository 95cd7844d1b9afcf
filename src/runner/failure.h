// Failures: what callers of a function are told of one that did not answer, in AWS's words.
#pragma once
#include <string>
#include <string_view>

#include "base/process.h"
#include "base/time.h"

namespace outcrop::runner {

// What a function's failure is to its caller.
struct Failure {
  std::string error_type;  // "Runtime.ExitError", "Sandbox.Timedout"; of a handler's error what its runtime said
  std::string payload;     // {"errorType":…,"errorMessage":…}
};

Failure failure_of(std::string_view error_type, std::string_view message);

// "Task timed out after 3.00 seconds"
std::string timed_out_text(Milliseconds timeout);
Failure timed_out(std::string_view request_id, Milliseconds timeout);

// "Runtime exited with error: exit status 1", "… signal: killed"; without a reason where it exited well.
std::string exit_text(const ProcessEnd& end);
// `is_out_of_memory`: that is why it was killed.
Failure exited(std::string_view request_id, const ProcessEnd& end, bool is_out_of_memory);

Failure response_too_large(uint64_t bytes_max);
// The runtime broke off its answer.
Failure truncated_response(std::string_view request_id);

}  // namespace outcrop::runner
