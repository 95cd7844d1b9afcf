// What refusals say, in API Gateway's words.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/api/keys.h"

namespace outcrop::apigatewayv2 {

inline Fault no_such_api(const Place& place, std::string_view id) {
  return not_found_exception(fmt::format("Invalid API identifier specified {}:{}", place.account, id));
}

inline Fault api_is_mapped(std::string_view id) {
  return bad_request_exception(
      fmt::format("Deleting API {} failed. Please remove all base path mappings related to the API in your domains.", id));
}

// `kind` as the API calls it: "Integration".
inline Fault no_such_part(std::string_view kind, std::string_view id) {
  return not_found_exception(fmt::format("Invalid {} identifier specified {}", kind, id));
}
inline Fault no_such_stage() { return not_found_exception("Invalid stage identifier specified"); }

inline Fault exists_already(std::string_view kind) { return conflict_exception(fmt::format("{} already exists", kind)); }

// Of "Integrations" for "this API".
inline Fault too_many(std::string_view kinds, std::string_view of) {
  return too_many_requests_exception(
      fmt::format("Maximum number of {0} for {1} has been reached.  Please contact AWS if you need additional {0}.", kinds, of));
}

}  // namespace outcrop::apigatewayv2
