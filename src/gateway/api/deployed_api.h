// DeployedApi: a WebSocket API put together for its events: routes by their keys, with the integration, the responses and the authorizer
// that each of them names, and every expression and template compiled. Made once for a deployment, and shared.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "expr/selection_expression.h"
#include "gateway/api/api_parts.h"
#include "gateway/mapping/body_models.h"
#include "gateway/mapping/integration_mapping.h"

namespace outcrop::gateway {

class DeployedApi {
 public:
  struct Integration {
    std::string id;
    IntegrationRecord record;
    std::map<std::string, IntegrationResponseRecord, std::less<>> responses;  // by their keys: "$default", "/400/"
    IntegrationMapping mapping;                                               // both compiled
  };
  struct Authorizer {
    std::string id;
    AuthorizerRecord record;
  };
  struct Route {
    std::string id;
    RouteRecord record;
    std::shared_ptr<const Integration> integration;                     // null: the route has no target
    std::map<std::string, RouteResponseRecord, std::less<>> responses;  // by their keys
    std::shared_ptr<const Authorizer> authorizer;                       // of type CUSTOM
    BodyModels models;                                                  // that messages must be; compiled
    bool is_two_way = false;                                            // its response selection expression leads to a response
  };

  explicit DeployedApi(ApiParts parts);

  const std::string& id() const { return parts_.api_id; }
  const std::string& account() const { return parts_.account; }
  const std::string& region() const { return parts_.region; }
  const std::string& deployment_id() const { return parts_.deployment_id; }
  const ApiRecord& record() const { return parts_.api; }
  // Gives a message's route key. Null when the record's text is no expression, which no API is made with.
  const expr::SelectionExpression* route_selection() const { return route_selection_ ? &*route_selection_ : nullptr; }
  const ModelRecord* find_model(std::string_view name) const;
  // Null when there is no route of that key.
  const Route* find_route(std::string_view key) const;

 private:
  BodyModels models_of(const RouteRecord& route) const;

  ApiParts parts_;
  std::optional<expr::SelectionExpression> route_selection_;
  std::map<std::string, Route, std::less<>> routes_;
};

}  // namespace outcrop::gateway
