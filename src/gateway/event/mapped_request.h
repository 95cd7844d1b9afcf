// What an integration's backend is asked, and what of its answer the client gets, by the integration's mapping.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/event/event_values.h"

namespace outcrop::gateway {

struct MappedRequest {
  std::string body;
  net::Headers headers;
  std::vector<std::pair<std::string, std::string>> querystring;
  std::map<std::string, std::string, std::less<>> path;
};

// Faults: UNSUPPORTED_MEDIA_TYPE 415 where no template fits and the message may not pass as it is, BAD_REQUEST_BODY 400 where a template
// needs a body that is JSON, API_CONFIGURATION_ERROR 500. The event is told why.
Result<MappedRequest> map_request(RouteEvent& event, const IntegrationMapping& mapping, EventValues& values);

// The same for a proxy: the body as it came, and a handshake's fields and parameters, with the mapped ones.
Result<MappedRequest> pass_request(RouteEvent& event, const IntegrationMapping& mapping, EventValues& values);

// Its querystring, encoded, without '?'.
std::string query_of(const MappedRequest& request);

// `subject`: what integration responses are selected by. Without any the answer is the client's as it is, or the failure that its status
// is. Faults as map_request(), INTEGRATION_FAILURE 502.
Result<IntegrationResult> map_response(RouteEvent& event, const IntegrationMapping& mapping, EventValues& values, IntegrationResult answer,
                                       std::string_view subject);

}  // namespace outcrop::gateway
