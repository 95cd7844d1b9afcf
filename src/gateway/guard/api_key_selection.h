// Where a client's API key is.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "gateway/event/route_event.h"

namespace outcrop::gateway {

// Whether the tag outcrop:api-keys of the stage or its API wants a key of everybody. AWS has no keys for WebSocket APIs but on $connect.
bool wants_api_keys(const ServedStage& stage);

// The key of a handshake, by the API's ApiKeySelectionExpression: "$request.header.x-api-key" or
// "$context.authorizer.usageIdentifierKey". By the tag, a query parameter of the header's name will do, because browsers choose no headers.
std::optional<std::string> find_api_key(const RouteEvent& event, std::string_view usage_identifier_key);

}  // namespace outcrop::gateway
