// The limits of invocations, each with its source. "Quotas" is the page of that name in the Lambda Developer Guide, "API" the API
// Reference.
#pragma once
#include <cstddef>

namespace outcrop::lambda::limits {

inline constexpr size_t request_bytes_max = 6'291'456;     // Quotas, "Invocation payload", synchronous
inline constexpr size_t event_bytes_max = 1'048'576;       // Quotas, "Invocation payload", asynchronous (1 MB since October 2025)
inline constexpr size_t invoke_async_bytes_max = 262'144;  // API, InvokeAsync
inline constexpr size_t client_context_bytes_max = 3'583;  // API, Invoke: ClientContext, as it comes

}  // namespace outcrop::lambda::limits
