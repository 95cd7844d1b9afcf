// HTTP and HTTP_PROXY integrations: an endpoint somewhere is asked.
#pragma once
#include "core/world.h"
#include "gateway/event/mapped_request.h"
#include "net/http_clients.h"

namespace outcrop::gateway {

// Where an endpoint is asked: `uri`, which has the stage's variables, with the request's path and query parameters.
std::string endpoint_url(std::string_view uri, const MappedRequest& request);

struct HttpCall {
  std::string method, url;
  net::Headers headers;
  std::string body;
  Milliseconds time_max;
  std::stop_token stop;
};

// Its answer, whatever its status. Faults: INTEGRATION_TIMEOUT 504; what the HTTP client says; InvalidUrl 400.
Task<Result<IntegrationResult>> ask_endpoint(World& world, net::HttpClients& clients, HttpCall call);

}  // namespace outcrop::gateway
