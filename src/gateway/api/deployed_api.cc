#include "gateway/api/deployed_api.h"

#include <fmt/format.h>

#include <algorithm>

namespace outcrop::gateway {

namespace {

constexpr std::string_view integrations_prefix = "integrations/";  // of a route's target

template <class Record>
std::map<std::string, Record, std::less<>> by_key(const ById<ById<Record>>& all, std::string_view owner) {
  std::map<std::string, Record, std::less<>> keyed;
  if (auto at = all.find(owner); at != all.end()) {
    for (const auto& [id, record] : at->second) keyed.emplace(record.key, record);
  }
  return keyed;
}

std::optional<expr::SelectionExpression> compiled(std::string_view expression) {
  auto parsed = expr::SelectionExpression::parse(expression);
  return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

BodyModels::Model schema_of(const ModelRecord* model, std::string_view name) {
  if (!model) return std::unexpected(fmt::format("there is no model {}", name));
  auto schema = json::parse(model->schema);
  if (!schema) return std::unexpected(schema.error().message());
  return expr::JsonSchema::parse(std::move(*schema));
}

// AWS allows no other key than $default, which is the same for all messages.
bool has_response(const DeployedApi::Route& route) {
  if (!route.record.response_selection_expression) return false;
  const auto selection = compiled(*route.record.response_selection_expression);
  const auto key = selection ? selection->evaluate(expr::SelectionSource()) : std::nullopt;
  return key && route.responses.contains(*key);
}

}  // namespace

DeployedApi::DeployedApi(ApiParts parts) : parts_(std::move(parts)), route_selection_(compiled(parts_.api.route_selection_expression)) {
  std::map<std::string, std::shared_ptr<const Integration>, std::less<>> integrations;
  for (const auto& [id, record] : parts_.integrations) {
    auto responses = by_key(parts_.integration_responses, id);
    IntegrationMapping mapping(record, responses);
    integrations.emplace(id, std::make_shared<const Integration>(Integration{id, record, std::move(responses), std::move(mapping)}));
  }
  std::map<std::string, std::shared_ptr<const Authorizer>, std::less<>> authorizers;
  for (const auto& [id, record] : parts_.authorizers) authorizers.emplace(id, std::make_shared<const Authorizer>(Authorizer{id, record}));
  for (const auto& [id, record] : parts_.routes) {
    Route route{id, record, nullptr, by_key(parts_.route_responses, id), nullptr, models_of(record)};
    const std::string target = record.target.value_or("");
    if (target.starts_with(integrations_prefix)) {
      if (auto at = integrations.find(target.substr(integrations_prefix.size())); at != integrations.end()) route.integration = at->second;
    }
    if (auto at = authorizers.find(record.authorizer_id.value_or("")); at != authorizers.end()) route.authorizer = at->second;
    route.is_two_way = has_response(route);
    routes_.emplace(record.key, std::move(route));
  }
}

BodyModels DeployedApi::models_of(const RouteRecord& route) const {
  std::map<std::string, BodyModels::Model, std::less<>> models;
  if (!parts_.api.disable_schema_validation.value_or(false)) {
    for (const auto& [key, name] : route.request_models.value_or(wire::Map<std::string>()))
      models.emplace(key, schema_of(find_model(name), name));
  }
  return BodyModels(route.model_selection_expression, std::move(models));
}

const ModelRecord* DeployedApi::find_model(std::string_view name) const {
  auto at = std::ranges::find_if(parts_.models, [&](const auto& model) { return model.second.name == name; });
  return at == parts_.models.end() ? nullptr : &at->second;
}

const DeployedApi::Route* DeployedApi::find_route(std::string_view key) const {
  auto at = routes_.find(key);
  return at == routes_.end() ? nullptr : &at->second;
}

}  // namespace outcrop::gateway
