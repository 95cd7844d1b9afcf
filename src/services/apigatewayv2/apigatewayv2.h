// ApiGatewayV2: the control plane of Amazon API Gateway's second API, of which WebSocket APIs are built. One file beside this is one
// operation; what they share is in the folders below: api/ where APIs and their parts lie, serving/ what a stage serves, for the data
// plane in src/gateway.
//
// Everything is shared: store transactions alone, whose keys api/keys.h lists.
#pragma once
#include "core/world.h"

namespace outcrop::apigatewayv2 {

class Apigatewayv2 {
 public:
  // It must outlive the service.
  explicit Apigatewayv2(World& world) : world_(world) {}

  World& world() { return world_; }

 private:
  World& world_;
};

}  // namespace outcrop::apigatewayv2
