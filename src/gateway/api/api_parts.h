// ApiParts: the parts of a WebSocket API as one deployment froze them, by their ids.
#pragma once
#include <map>
#include <string>

#include "gen/records/gateway.h"

namespace outcrop::gateway {

template <class Record>
using ById = std::map<std::string, Record, std::less<>>;

struct ApiParts {
  std::string api_id, account, region;
  std::string deployment_id;
  ApiRecord api;
  ById<RouteRecord> routes;
  ById<ById<RouteResponseRecord>> route_responses;  // by route, then by id
  ById<IntegrationRecord> integrations;
  ById<ById<IntegrationResponseRecord>> integration_responses;  // by integration, then by id
  ById<AuthorizerRecord> authorizers;
  ById<ModelRecord> models;
};

}  // namespace outcrop::gateway
