// The event of a REQUEST authorizer: what its function is told of a handshake.
#pragma once
#include <string>

#include "gateway/event/route_event.h"

namespace outcrop::gateway {

// "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4/prod/$connect": what is to be allowed.
std::string connect_arn(const RouteEvent& event);

std::string write_authorizer_event(const RouteEvent& event);

}  // namespace outcrop::gateway
