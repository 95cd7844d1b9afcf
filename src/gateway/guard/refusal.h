// Refusals: how API Gateway says no before an integration is asked, in its words (Guide, "Gateway response types").
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "gateway/event/route_event.h"

namespace outcrop::gateway {

struct Refusal {
  std::string_view code;  // of the fault
  int status = 0;
  std::string_view message;
  std::string_view response_type;  // as access logs have it
};

namespace refusal {
inline constexpr Refusal unauthorized{"UnauthorizedException", 401, "Unauthorized", "UNAUTHORIZED"};
inline constexpr Refusal missing_token{"MissingAuthenticationTokenException", 403, "Missing Authentication Token",
                                       "MISSING_AUTHENTICATION_TOKEN"};
inline constexpr Refusal access_denied{"AccessDeniedException", 403, "User is not authorized to access this resource", "ACCESS_DENIED"};
inline constexpr Refusal explicitly_denied{"AccessDeniedException", 403,
                                           "User is not authorized to access this resource with an explicit deny", "ACCESS_DENIED"};
inline constexpr Refusal invalid_api_key{"ForbiddenException", 403, "Forbidden", "INVALID_API_KEY"};
inline constexpr Refusal throttled{"LimitExceededException", 429, "Too Many Requests", "THROTTLED"};
inline constexpr Refusal quota_exceeded{"LimitExceededException", 429, "Limit Exceeded", "QUOTA_EXCEEDED"};
inline constexpr Refusal authorizer_failed{"InternalServerErrorException", 500, "Internal server error", "AUTHORIZER_FAILURE"};
inline constexpr Refusal authorizer_is_wrong{"InternalServerErrorException", 500, "Internal server error",
                                             "AUTHORIZER_CONFIGURATION_ERROR"};
}  // namespace refusal

// The fault, which the event says too. `message`: instead of the refusal's own.
inline std::unexpected<Fault> refuse(RouteEvent& event, const Refusal& refusal, std::string message = {}) {
  event.status = refusal.status;
  event.error_message = message.empty() ? std::string(refusal.message) : std::move(message);
  event.error_response_type = refusal.response_type;
  return fail(std::string(refusal.code), refusal.status, event.error_message);
}

}  // namespace outcrop::gateway
