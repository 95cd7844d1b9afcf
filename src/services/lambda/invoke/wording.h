// What AWS Lambda says of invocations, in its words.
#pragma once
#include <fmt/format.h>

#include <string>

#include "gen/lambda/errors.h"
#include "services/lambda/invoke/limits.h"

namespace outcrop::lambda {

// Of the runner's refusals, whose codes are the reasons.
inline Fault too_many_requests(std::string reason) {
  return TooManyRequestsException{.message = "Rate Exceeded.", .reason = std::move(reason)};
}

inline Fault payload_is_no_json(std::string_view problem) {
  return invalid_request_content_exception(
      fmt::format("Could not parse request body into json: Could not parse payload into json: {}", problem));
}

inline Fault client_context_is_invalid() {
  return invalid_request_content_exception("Client context must be a valid Base64-encoded JSON object.");
}

// The code is what AWS answers with; its model has RequestTooLargeException, which no answer was seen to have.
inline Fault request_too_large() {
  return {"RequestEntityTooLargeException", 413,
          fmt::format("Request must be smaller than {} bytes for the InvokeFunction operation", limits::request_bytes_max)};
}

inline Fault event_too_large(size_t bytes, size_t bytes_max) {
  return {"RequestEntityTooLargeException", 413,
          fmt::format("{} byte payload is too large for the Event invocation type (limit {} bytes)", bytes, bytes_max)};
}

inline Fault invocation_parameter_not_built(std::string_view parameter, std::string_view what) {
  return invalid_parameter_value_exception(fmt::format("{} is not supported by this server: {}", parameter, what));
}

}  // namespace outcrop::lambda
