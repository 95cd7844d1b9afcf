// The requestContext of events: what functions get of it as JSON, and templates as $context (API Gateway Developer Guide, "WebSocket API
// mapping template reference").
#pragma once
#include <string_view>

#include "gateway/event/route_event.h"
#include "json/writer.h"

namespace outcrop::gateway {

void write_request_context(json::Writer& writer, const RouteEvent& event);

// "CONNECT", "MESSAGE", "DISCONNECT".
std::string_view type_name(RouteEvent::Type type);

}  // namespace outcrop::gateway
