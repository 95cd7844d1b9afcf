// Which route a message goes to.
#pragma once
#include "gateway/event/event_values.h"

namespace outcrop::gateway {

// By the API's route selection expression; $default where its value is no route's key, or where the message is no JSON. Null: the message
// belongs to no route.
const DeployedApi::Route* select_route(const DeployedApi& api, const EventValues& values);

}  // namespace outcrop::gateway
