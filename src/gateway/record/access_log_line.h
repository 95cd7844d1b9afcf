// What an access log says of an event: the stage's format with its variables replaced.
#pragma once
#include <string>
#include <string_view>

#include "gateway/event/route_event.h"

namespace outcrop::gateway {

// A variable without a value becomes "-", and so does one that does not exist.
std::string access_log_line(std::string_view format, const RouteEvent& event);

}  // namespace outcrop::gateway
