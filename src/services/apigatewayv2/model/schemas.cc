#include "services/apigatewayv2/model/schemas.h"

#include <algorithm>

#include "json/json.h"
#include "services/apigatewayv2/api/wording.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

namespace {

bool is_model_name(std::string_view name) {
  auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= limits::model_name_max && std::ranges::all_of(name, fits);
}

Result<void> check_schema(std::string_view schema) {
  if (schema.size() > limits::model_schema_bytes_max)
    return fail(bad_request_exception(fmt::format("Model schema may have at most {} bytes", limits::model_schema_bytes_max)));
  const auto value = json::parse(schema);
  if (!value || !value->is_object()) return fail(bad_request_exception("Invalid model schema specified"));
  return {};
}

}  // namespace

Task<Result<void>> check_model(store::Transaction& transaction, const Parts<ModelRecord>& all, std::string_view id,
                               const ModelRecord& model) {
  if (!is_model_name(model.name)) co_return fail(bad_request_exception("Model name must be alphanumeric: " + model.name));
  co_await check_schema(model.schema);
  for (const Part<ModelRecord>& other : co_await all.list_in(transaction)) {
    if (other.id != id && other.record.name == model.name) co_return fail(conflict_exception("Model name already exists for this API"));
  }
  co_return {};
}

Task<Result<void>> check_unused(store::Transaction& transaction, const Parts<RouteRecord>& routes, const ModelRecord& model) {
  for (const Part<RouteRecord>& route : co_await routes.list_in(transaction)) {
    const auto models = route.record.request_models.value_or(wire::Map<std::string>());
    const bool asks = std::ranges::any_of(models, [&](const auto& entry) { return entry.value == model.name; });
    if (asks) {
      co_return fail(conflict_exception(fmt::format("Cannot delete model '{}', is referenced in route: {}", model.name, route.record.key)));
    }
  }
  co_return {};
}

}  // namespace outcrop::apigatewayv2
