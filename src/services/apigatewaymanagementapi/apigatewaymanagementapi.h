// ApiGatewayManagementApi: what the backends of WebSocket APIs do with connections: post to them, ask after them, end them. One file beside
// this is one operation. The connections themselves are src/gateway's.
#pragma once
#include "gateway/connection/connections.h"

namespace outcrop::apigatewaymanagementapi {

class Apigatewaymanagementapi {
 public:
  // They must outlive the service.
  explicit Apigatewaymanagementapi(gateway::Connections& connections) : connections_(connections) {}

  gateway::Connections& connections() { return connections_; }

 private:
  gateway::Connections& connections_;
};

}  // namespace outcrop::apigatewaymanagementapi
