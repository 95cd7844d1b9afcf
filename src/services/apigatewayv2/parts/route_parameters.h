// What a request may say of a route, and how one is shown.
#pragma once
#include <optional>
#include <string_view>

#include "gen/apigatewayv2/create_route.h"
#include "gen/apigatewayv2/update_route.h"
#include "services/apigatewayv2/api/apis.h"
#include "services/apigatewayv2/parts/required_parameters.h"

namespace outcrop::apigatewayv2 {

inline constexpr std::string_view connect_key = "$connect", disconnect_key = "$disconnect", default_key = "$default";

// Faults, both: BadRequestException 400 for what a WebSocket API's route cannot be.
Result<RouteRecord> read_new_route(CreateRouteInput input);
Result<void> change_route(RouteRecord& record, UpdateRouteInput input);

// Whether the route fits in with what else its API has in that transaction. Faults: ConflictException 409 when another than `id` has its
// key; NotFoundException 404 for an integration that is not there; BadRequestException 400 for an authorizer or a model that is not.
Task<Result<void>> check_route_in(store::Transaction& transaction, Apis& apis, const ApiName& api, std::string_view id,
                                  const RouteRecord& record);
// Fault: BadRequestException 400, naming the model that the API has not.
Task<Result<void>> check_models_in(store::Transaction& transaction, Apis& apis, const ApiName& api,
                                   const std::optional<wire::Map<std::string>>& names);

template <class Shown>
Shown show_route(std::string_view id, const RouteRecord& record) {
  Shown shown;
  shown.api_key_required = record.api_key_required.value_or(false);
  shown.authorization_scopes = record.authorization_scopes;
  shown.authorization_type = record.authorization_type;
  shown.authorizer_id = record.authorizer_id;
  shown.model_selection_expression = record.model_selection_expression;
  shown.operation_name = record.operation_name;
  shown.request_models = record.request_models;
  shown.request_parameters = show_required(record.request_parameters);
  shown.route_id = std::string(id);
  shown.route_key = record.key;
  shown.route_response_selection_expression = record.response_selection_expression;
  shown.target = record.target;
  return shown;
}

}  // namespace outcrop::apigatewayv2
