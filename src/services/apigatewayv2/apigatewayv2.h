// ApiGatewayV2: the control plane of Amazon API Gateway's second API, of which WebSocket APIs are built. One file beside this is one
// operation; what they share is in the folders below: api/ where APIs and their parts lie, parts/ what each kind of part may say and how it
// is shown, domain/ custom domain names, model/ models, serving/ what a stage serves, for the data plane in src/gateway.
//
// Everything is shared: store transactions alone, whose keys api/keys.h lists.
#pragma once
#include "core/world.h"
#include "services/apigatewayv2/api/apis.h"
#include "services/apigatewayv2/domain/domains.h"
#include "services/apigatewayv2/serving/served_stages.h"

namespace outcrop::apigatewayv2 {

class Apigatewayv2 {
 public:
  // Both must outlive the service.
  Apigatewayv2(World& world, QuotaBook& quotas)
      : world_(world), served_(world), apis_(world, quotas, [this](std::string_view api) { served_.drop(api); }), domains_(world, quotas) {}

  World& world() { return world_; }
  Apis& apis() { return apis_; }
  Domains& domains() { return domains_; }
  // For the data plane.
  gateway::ApiSource& api_source() { return served_; }

  // A reset: all of an account, or all there are.
  Task<Result<void>> forget(const std::optional<std::string>& account) {
    co_await domains_.forget(account);
    co_return co_await keep(apis_.forget(account));
  }

 private:
  World& world_;
  ServedStages served_;
  Apis apis_;
  Domains domains_;
};

}  // namespace outcrop::apigatewayv2
