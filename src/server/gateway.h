// The data plane of API Gateway, put together: its clients' connections, who is let in, where their events go, and the service that posts
// to them. The control plane is one of the services.
#pragma once
#include "auth/authenticator.h"
#include "gateway/connection/live_connections.h"
#include "gateway/connection/websocket_front.h"
#include "gateway/event/route_events.h"
#include "gateway/event/service_calls.h"
#include "gateway/guard/gateway_guards.h"
#include "server/function_calls.h"
#include "server/services.h"
#include "services/apigatewaymanagementapi/apigatewaymanagementapi.h"

namespace outcrop::server {

class Gateway {
 public:
  // All must outlive it. Adds its service to theirs, which have been started.
  Gateway(World& world, Services& services, auth::Authenticator& authenticator, net::HttpClients& clients, gateway::UsageOptions usage);

  // Before the server serves.
  Task<Result<void>> start();
  // Says farewell to the connections of an earlier server, once functions find this one where it serves.
  void resume() { connections_.resume(); }
  net::Handler& front() { return front_; }

  // After the last connection has ended, while functions still run until `due`: their routes hear of it.
  Task<void> part(SteadyTime due) { return connections_.stop(due); }
  // After the functions, before the services.
  Task<void> stop();

 private:
  LambdaFunctionCalls functions_;
  gateway::GatewayGuards guards_;
  gateway::ServiceCalls service_calls_;
  gateway::RouteEvents events_;
  gateway::LiveConnections connections_;
  gateway::WebSocketFront front_;
  apigatewaymanagementapi::Apigatewaymanagementapi management_;
};

}  // namespace outcrop::server
