// Apis: the WebSocket APIs of all accounts and what each consists of, in the store. Each place of parts carries along what its changes
// ask for: stages with AutoDeploy get a deployment in the same transaction, and who serves the API hears of it once it is committed.
//
//   Parts<RouteRecord> routes = gateway.apis().routes(api_named(call, input.api_id));
//   const RouteRecord route = co_await routes.get(input.route_id);
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gen/records/gateway.h"
#include "services/apigatewayv2/api/parts.h"
#include "services/apigatewayv2/api/quotas.h"

namespace outcrop::apigatewayv2 {

using gateway::ApiRecord;
using gateway::AuthorizerRecord;
using gateway::DeploymentRecord;
using gateway::IntegrationRecord;
using gateway::IntegrationResponseRecord;
using gateway::ModelRecord;
using gateway::RouteRecord;
using gateway::RouteResponseRecord;
using gateway::StageRecord;

// Thread-safe.
class Apis {
 public:
  // `on_change` is called, on any thread, with the id of an API whenever a change of it is committed.
  using OnChange = std::function<void(std::string_view api)>;
  // Both must outlive it.
  Apis(World& world, QuotaBook& quotas, OnChange on_change) : world_(world), quotas_(quotas), on_change_(std::move(on_change)) {}

  // The APIs of a place, to be looked at: what changes them is below.
  Parts<ApiRecord> apis(const Place& place);
  // Gives the id.
  Task<Result<std::string>> create(const Place& place, const ApiRecord& record);
  // Gives the record as it is now.
  using Change = std::function<Result<void>(ApiRecord& record)>;
  Task<Result<ApiRecord>> change(const ApiName& api, const Change& change);
  // Tags say at once how an API is run: nothing is deployed for them.
  Task<Result<void>> change_tags(const ApiName& api, const std::function<Result<void>(wire::Map<std::string>& tags)>& change);
  // With all that belongs to it. Fault: BadRequestException 400 as long as a custom domain name leads to it.
  Task<Result<void>> erase(const ApiName& api);

  Parts<RouteRecord> routes(const ApiName& api);
  Parts<RouteResponseRecord> route_responses(const ApiName& api, std::string_view route);
  Parts<IntegrationRecord> integrations(const ApiName& api);
  Parts<IntegrationResponseRecord> integration_responses(const ApiName& api, std::string_view integration);
  Parts<AuthorizerRecord> authorizers(const ApiName& api);
  Parts<ModelRecord> models(const ApiName& api);
  Parts<DeploymentRecord> deployments(const ApiName& api);
  Parts<StageRecord> stages(const ApiName& api);

  // A reset: those of an account, or all there are.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  PartPlace api_place(const Place& place);
  PartPlace part_place(const ApiName& api, std::string_view key_kind, std::string_view kind, size_t count_max);
  // Of parts that a deployment freezes.
  PartPlace frozen_place(const ApiName& api, std::string_view key_kind, std::string_view kind, size_t count_max);

  World& world_;
  QuotaBook& quotas_;
  const OnChange on_change_;
};

}  // namespace outcrop::apigatewayv2
