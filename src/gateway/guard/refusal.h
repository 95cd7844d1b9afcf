// Refusals: how API Gateway says no before an integration is asked, in its words (Guide, "Gateway response types").
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "gateway/event/route_event.h"

namespace outcrop::gateway {

struct Refusal {
  std::string_view response_type;  // as access logs have it
  int status = 0;
  std::string_view message;
};

namespace refusal {
inline constexpr Refusal unauthorized{"UNAUTHORIZED", 401, "Unauthorized"};
inline constexpr Refusal missing_token{"MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication Token"};
inline constexpr Refusal access_denied{"ACCESS_DENIED", 403, "User is not authorized to access this resource"};
inline constexpr Refusal explicitly_denied{"ACCESS_DENIED", 403, "User is not authorized to access this resource with an explicit deny"};
inline constexpr Refusal invalid_signature{"INVALID_SIGNATURE", 403, ""};
inline constexpr Refusal invalid_api_key{"INVALID_API_KEY", 403, "Forbidden"};
inline constexpr Refusal throttled{"THROTTLED", 429, "Too Many Requests"};
inline constexpr Refusal quota_exceeded{"QUOTA_EXCEEDED", 429, "Limit Exceeded"};
inline constexpr Refusal authorizer_failed{"AUTHORIZER_FAILURE", 500, "Internal server error"};
inline constexpr Refusal authorizer_is_wrong{"AUTHORIZER_CONFIGURATION_ERROR", 500, "Internal server error"};
}  // namespace refusal

// The fault, whose code is the response type, and which the event says too. `message`: instead of the refusal's own.
inline std::unexpected<Fault> refuse(RouteEvent& event, const Refusal& refusal, std::string message = {}) {
  event.status = refusal.status;
  event.error_message = message.empty() ? std::string(refusal.message) : std::move(message);
  event.error_response_type = refusal.response_type;
  return fail(event.error_response_type, refusal.status, event.error_message);
}

}  // namespace outcrop::gateway
