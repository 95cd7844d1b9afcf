#include "gateway/event/route_selection.h"

namespace outcrop::gateway {

namespace {

// Routes of what is no message; a message cannot name them.
bool is_lifecycle_key(std::string_view key) { return key == "$connect" || key == "$disconnect"; }

}  // namespace

const DeployedApi::Route* select_route(const DeployedApi& api, const EventValues& values) {
  const std::optional<std::string> key = api.route_selection() ? api.route_selection()->evaluate(values) : std::nullopt;
  const DeployedApi::Route* route = key && !is_lifecycle_key(*key) ? api.find_route(*key) : nullptr;
  return route ? route : api.find_route("$default");
}

}  // namespace outcrop::gateway
