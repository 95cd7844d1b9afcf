#include "server/gateway.h"

#include "gen/apigatewaymanagementapi/errors.h"
#include "gen/apigatewaymanagementapi/manifest.h"

namespace outcrop::server {

Gateway::Gateway(World& world, Services& services, auth::Authenticator& authenticator, net::HttpClients& clients,
                 gateway::UsageOptions usage)
    : functions_(world, services.directory(), authenticator.enforced()),
      guards_({world, functions_, authenticator, services.quota_book(), services.service_metrics(), services.log_sink()}, std::move(usage)),
      service_calls_(world, services.directory(), authenticator.enforced()),
      events_(services.api_source(), guards_, {world, functions_, service_calls_, clients}),
      connections_(world, events_, guards_),
      front_({world, services.api_source(), events_, guards_, connections_}),
      management_(connections_) {
  services.reset().on_reset([this](const std::optional<std::string>& account) { return connections_.forget(account); });
  services.reset().on_reset([this](const std::optional<std::string>& account) { return guards_.usage_plans().forget(account); });
  services.directory().add(apigatewaymanagementapi::model, management_,
                           {.throttled = apigatewaymanagementapi::limit_exceeded_exception("")});
  services.metrics().gauge("outcrop_websocket_connections", "Open connections of WebSocket APIs.", {},
                           [this] { return double(connections_.count()); });
}

Task<Result<void>> Gateway::start() {
  co_await guards_.start();
  co_return co_await keep(connections_.start());
}

Task<void> Gateway::stop() {
  co_await events_.close();
  co_await guards_.stop();
}

}  // namespace outcrop::server
