#include "services/apigatewayv2/parts/route_parameters.h"

#include <fmt/format.h>

#include <algorithm>

#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/api/wording.h"
#include "services/apigatewayv2/parts/expressions.h"
#include "services/apigatewayv2/parts/fields.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view integrations_prefix = "integrations/", request_prefix = "route.request.";
constexpr std::string_view no_authorization = "NONE", custom_type = "CUSTOM";

Fault no_valid_authorizer() {
  return bad_request_exception("Invalid authorizer ID specified. Setting the authorization type to CUSTOM requires a valid authorizer.");
}

Result<void> check_route_key(const std::string& key) {
  if (key.empty()) return fail(bad_request_exception("RouteKey cannot be empty"));
  if (!key.starts_with('$') || key == connect_key || key == disconnect_key || key == default_key) return {};
  return fail(bad_request_exception(fmt::format("Invalid RouteKey specified: {}. Of keys that begin with $ there are {}, {} and {}", key,
                                                connect_key, disconnect_key, default_key)));
}

Result<void> check_authorization(const RouteRecord& record) {
  if (record.authorization_type == "JWT")
    return fail(bad_request_exception("AuthorizationType JWT may only be specified for an API with a protocol type of HTTP"));
  if (record.authorization_scopes && !record.authorization_scopes->empty())
    return fail(bad_request_exception("AuthorizationScopes may only be specified with an AuthorizationType of JWT"));
  if (record.authorization_type != no_authorization && record.key != connect_key)
    return fail(bad_request_exception("Currently, authorization is restricted to the $connect route only"));
  if (record.api_key_required.value_or(false) && record.key != connect_key)
    return fail(bad_request_exception("Currently, API keys are restricted to the $connect route only"));
  if (record.authorization_type == custom_type && !record.authorizer_id) return fail(no_valid_authorizer());
  return {};
}

Result<void> check_expressions(const RouteRecord& record) {
  if (record.response_selection_expression && *record.response_selection_expression != default_key)
    return fail(bad_request_exception("Invalid RouteResponseSelectionExpression specified. Currently, only $default is supported"));
  return check_expression(record.model_selection_expression);
}

Result<void> check_route_members(const RouteRecord& record) {
  if (Result<void> usable = check_route_key(record.key); !usable) return usable;
  if (Result<void> usable = check_authorization(record); !usable) return usable;
  return check_expressions(record);
}

template <class Input>
Result<void> take_members(RouteRecord& record, Input& input) {
  set_text(record.target, input.target);
  if (input.authorization_type) record.authorization_type = std::move(*input.authorization_type);
  set_text(record.authorizer_id, input.authorizer_id);
  set_value(record.authorization_scopes, input.authorization_scopes);
  set_value(record.api_key_required, input.api_key_required);
  set_text(record.model_selection_expression, input.model_selection_expression);
  set_text(record.operation_name, input.operation_name);
  set_value(record.request_models, input.request_models);
  set_text(record.response_selection_expression, input.route_response_selection_expression);
  return merge_required(record.request_parameters, input.request_parameters, request_prefix);
}

Task<Result<void>> check_target_in(store::Transaction& transaction, Apis& apis, const ApiName& api, const RouteRecord& record) {
  if (!record.target) co_return {};
  if (!record.target->starts_with(integrations_prefix))
    co_return fail(bad_request_exception(fmt::format("Invalid target specified: {}. It must be integrations/ID", *record.target)));
  const std::string id = record.target->substr(integrations_prefix.size());
  if (!co_await transaction.get(apis.integrations(api).key(id))) co_return fail(no_such_part("Integration", id));
  co_return {};
}

}  // namespace

Result<RouteRecord> read_new_route(CreateRouteInput input) {
  RouteRecord record{.key = std::move(input.route_key), .authorization_type = std::string(no_authorization)};
  if (Result<void> usable = take_members(record, input); !usable) return fail(usable.error());
  if (Result<void> usable = check_route_members(record); !usable) return fail(usable.error());
  return record;
}

Result<void> change_route(RouteRecord& record, UpdateRouteInput input) {
  if (input.route_key) record.key = std::move(*input.route_key);
  if (Result<void> usable = take_members(record, input); !usable) return usable;
  return check_route_members(record);
}

Task<Result<void>> check_route_in(store::Transaction& transaction, Apis& apis, const ApiName& api, std::string_view id,
                                  const RouteRecord& record) {
  const std::vector<Part<RouteRecord>> routes = co_await apis.routes(api).list_in(transaction);
  if (std::ranges::any_of(routes, [&](const Part<RouteRecord>& other) { return other.id != id && other.record.key == record.key; }))
    co_return fail(conflict_exception(fmt::format("Route with key {} already exists for this API", record.key)));
  co_await check_target_in(transaction, apis, api, record);
  if (record.authorization_type == custom_type && !co_await transaction.get(apis.authorizers(api).key(*record.authorizer_id)))
    co_return fail(no_valid_authorizer());
  co_return co_await keep(check_models_in(transaction, apis, api, record.request_models));
}

Task<Result<void>> check_models_in(store::Transaction& transaction, Apis& apis, const ApiName& api,
                                   const std::optional<wire::Map<std::string>>& names) {
  if (!names || names->empty()) co_return {};
  const std::vector<Part<ModelRecord>> models = co_await apis.models(api).list_in(transaction);
  for (const auto& [key, name] : *names) {
    if (std::ranges::none_of(models, [&](const Part<ModelRecord>& model) { return model.record.name == name; }))
      co_return fail(bad_request_exception(fmt::format("Invalid model identifier specified: {}", name)));
  }
  co_return {};
}

}  // namespace outcrop::apigatewayv2
