// The variables of $context, as access logs and identity sources name them (API Gateway Developer Guide, "Configure logging for WebSocket
// APIs").
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "gateway/event/route_event.h"

namespace outcrop::gateway {

// By its name without "$context.": "connectionId", "identity.sourceIp". None when there is no such variable, or it has no value now.
std::optional<std::string> find_context_variable(const RouteEvent& event, std::string_view name);

}  // namespace outcrop::gateway
