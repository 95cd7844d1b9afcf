#include "runner/failure.h"

#include <fmt/format.h>

#include <csignal>

#include "json/writer.h"

namespace outcrop::runner {

namespace {

// As Go's syscall.Signal names them, in which AWS's runtime manager is written.
std::string signal_text(int signal) {
  switch (signal) {
    case SIGHUP:
      return "hangup";
    case SIGINT:
      return "interrupt";
    case SIGQUIT:
      return "quit";
    case SIGILL:
      return "illegal instruction";
    case SIGTRAP:
      return "trace/breakpoint trap";
    case SIGABRT:
      return "aborted";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "floating point exception";
    case SIGKILL:
      return "killed";
    case SIGSEGV:
      return "segmentation fault";
    case SIGPIPE:
      return "broken pipe";
    case SIGTERM:
      return "terminated";
    default:
      return fmt::format("signal {}", signal);
  }
}

Failure of_request(std::string_view error_type, std::string_view request_id, std::string_view message) {
  return failure_of(error_type, fmt::format("RequestId: {} Error: {}", request_id, message));
}

}  // namespace

Failure failure_of(std::string_view error_type, std::string_view message) {
  Failure failure{std::string(error_type), {}};
  json::Writer writer(failure.payload);
  writer.begin_object();
  writer.name("errorType");
  writer.string(error_type);
  writer.name("errorMessage");
  writer.string(message);
  writer.end_object();
  return failure;
}

std::string timed_out_text(Milliseconds timeout) {
  return fmt::format("Task timed out after {:.2f} seconds", double(timeout.count()) / 1000);
}

Failure timed_out(std::string_view request_id, Milliseconds timeout) {
  return of_request("Sandbox.Timedout", request_id, timed_out_text(timeout));
}

std::string exit_text(const ProcessEnd& end) {
  if (end.signal > 0) return fmt::format("Runtime exited with error: signal: {}", signal_text(end.signal));
  if (end.exit_status > 0) return fmt::format("Runtime exited with error: exit status {}", end.exit_status);
  return "Runtime exited without providing a reason";
}

Failure exited(std::string_view request_id, const ProcessEnd& end, bool is_out_of_memory) {
  return of_request(is_out_of_memory ? "Runtime.OutOfMemory" : "Runtime.ExitError", request_id, exit_text(end));
}

Failure response_too_large(uint64_t bytes_max) {
  return failure_of("Function.ResponseSizeTooLarge",
                    fmt::format("Response payload size exceeded maximum allowed payload size ({} bytes).", bytes_max));
}

Failure truncated_response(std::string_view request_id) {
  return of_request("Runtime.TruncatedResponse", request_id, "The runtime ended its response early.");
}

}  // namespace outcrop::runner
