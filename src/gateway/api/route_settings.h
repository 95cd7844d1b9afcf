// What a stage sets for a route: the route's own settings, each of them, before the stage's default ones.
#pragma once
#include <optional>
#include <string_view>

#include "gen/records/gateway.h"

namespace outcrop::gateway {

// Points to the setting, which the stage owns; null where neither sets it.
template <class Value>
const Value* find_route_setting(const StageRecord& stage, std::string_view route_key, std::optional<Value> RouteSettingsRecord::* setting) {
  const RouteSettingsRecord* own = stage.route_settings.find(route_key);
  const std::optional<Value>& value = own && (own->*setting) ? own->*setting : stage.default_route_settings.*setting;
  return value ? &*value : nullptr;
}

}  // namespace outcrop::gateway
