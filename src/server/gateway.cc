#include "server/gateway.h"

#include "gen/apigatewaymanagementapi/errors.h"
#include "gen/apigatewaymanagementapi/manifest.h"

namespace outcrop::server {

Gateway::Gateway(World& world, Services& services, auth::Authenticator& authenticator, gateway::UsageOptions usage)
    : functions_(world, services.directory(), authenticator.enforced()),
      guards_({world, functions_, authenticator, services.quota_book(), services.service_metrics(), services.log_sink()}, std::move(usage)),
      events_(world, services.api_source(), guards_, functions_),
      connections_(world, events_),
      front_({world, services.api_source(), events_, connections_}),
      management_(connections_) {
  services.reset().on_reset([this](const std::optional<std::string>& account) { return connections_.forget(account); });
  services.directory().add(apigatewaymanagementapi::model, management_,
                           {.throttled = apigatewaymanagementapi::limit_exceeded_exception("")});
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
