// Where the WebSocket APIs of an account in a Region lie in the store. PLACE is ACCOUNT/REGION. Records: models/records/gateway.json.
//   global/apigatewayv2/PLACE/api/API                          ApiRecord
//   global/apigatewayv2-part/API/KIND/ID                      a part of the API; KIND: see PartKind
//   global/apigatewayv2-part/API/KIND/OWNER/ID                responses, of a route or of an integration
//   global/apigatewayv2-frozen/API/DEPLOYMENT/api             ApiRecord, and
//   global/apigatewayv2-frozen/API/DEPLOYMENT/KIND/…          the parts, as that deployment has them
//   global/apigatewayv2-id/API                                PLACE: ids are unique over all of them
//   global/apigatewayv2-domain/DOMAIN                         PLACE: so are domain names
//   global/apigatewayv2/PLACE/domain/DOMAIN                   DomainRecord
//   global/apigatewayv2-part/DOMAIN/mapping/ID                MappingRecord
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

#include "core/call.h"
#include "store/store.h"

namespace outcrop::apigatewayv2 {

// Who owns an API, and where.
struct Place {
  std::string account, region;
  bool operator==(const Place&) const = default;
  std::string text() const { return account + "/" + region; }
};

// The inverse of text().
inline Place place_in(std::string_view text) {
  const size_t slash = std::min(text.find('/'), text.size());
  return {std::string(text.substr(0, slash)), std::string(text.substr(std::min(slash + 1, text.size())))};
}

inline Place place_of(const Call& call) { return {call.account(), call.region}; }

// An API as a request names it: of the caller's, and not certain to exist.
struct ApiName {
  Place place;
  std::string id;
};

inline ApiName api_named(const Call& call, std::string_view id) { return {place_of(call), std::string(id)}; }

// What an API, or a domain name, consists of; as its keys have it.
namespace part_kind {
inline constexpr std::string_view route = "route", route_response = "route-response", integration = "integration",
                                  integration_response = "integration-response", authorizer = "authorizer", model = "model",
                                  stage = "stage", deployment = "deployment", mapping = "mapping";
}  // namespace part_kind

// Those that a deployment freezes.
inline constexpr std::string_view frozen_kinds[] = {part_kind::route,       part_kind::route_response,
                                                    part_kind::integration, part_kind::integration_response,
                                                    part_kind::authorizer,  part_kind::model};

inline std::string apis_prefix(const Place& place) { return "global/apigatewayv2/" + place.text() + "/api/"; }
inline std::string api_key(const Place& place, std::string_view api) { return apis_prefix(place) + std::string(api); }
inline std::string domains_prefix(const Place& place) { return "global/apigatewayv2/" + place.text() + "/domain/"; }
inline std::string domain_key(const Place& place, std::string_view domain) { return domains_prefix(place) + std::string(domain); }
inline std::string api_key(const ApiName& api) { return api_key(api.place, api.id); }
inline constexpr std::string_view all_api_ids_prefix = "global/apigatewayv2-id/";
inline std::string api_id_key(std::string_view api) { return std::string(all_api_ids_prefix) + std::string(api); }
inline std::string domain_name_key(std::string_view domain) { return "global/apigatewayv2-domain/" + std::string(domain); }
inline std::string all_parts_prefix(std::string_view owner) { return "global/apigatewayv2-part/" + std::string(owner) + "/"; }
inline std::string parts_prefix(std::string_view owner, std::string_view kind) { return all_parts_prefix(owner) + std::string(kind) + "/"; }
inline std::string all_frozen_prefix(std::string_view api) { return "global/apigatewayv2-frozen/" + std::string(api) + "/"; }
inline std::string frozen_prefix(std::string_view api, std::string_view deployment) {
  return all_frozen_prefix(api) + std::string(deployment) + "/";
}

}  // namespace outcrop::apigatewayv2
