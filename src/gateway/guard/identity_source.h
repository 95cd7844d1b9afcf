// Identity sources: what of a handshake an authorizer needs: "route.request.header.Auth", "route.request.querystring.token",
// "context.identity.sourceIp", "stageVariables.mode" (Guide, "Control access to WebSocket APIs with AWS Lambda REQUEST authorizers").
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "gateway/event/route_event.h"

namespace outcrop::gateway {

struct IdentitySource {
  enum class Kind : uint8_t { header, query, context, stage_variable };
  Kind kind = Kind::header;
  std::string_view name;  // of the expression
};

// None when it is no such expression.
std::optional<IdentitySource> parse_identity_source(std::string_view expression);

// None when the handshake lacks it, or has nothing there.
std::optional<std::string> value_of(const IdentitySource& source, const RouteEvent& event);

// The last parameter of that name, decoded; none when there is none.
std::optional<std::string> find_query_value(std::string_view query, std::string_view name);

}  // namespace outcrop::gateway
