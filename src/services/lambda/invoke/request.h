// What Invoke, InvokeAsync and InvokeWithResponseStream read of a request alike.
#pragma once
#include <optional>
#include <string>

#include "core/call.h"
#include "runner/invocation.h"

namespace outcrop::lambda {

// An empty payload is an empty object. Faults: RequestEntityTooLargeException 413 over `bytes_max`, InvalidRequestContentException 400.
Result<std::string> read_payload(std::optional<std::string> payload);

// "None" and "Tail" of LogType; ClientContext is JSON in base64. Faults: InvalidRequestContentException 400 and read_payload's.
Result<runner::Invocation> read_invocation(const Call& call, std::optional<std::string> payload,
                                           const std::optional<std::string>& client_context, const std::optional<std::string>& log_type);

}  // namespace outcrop::lambda
