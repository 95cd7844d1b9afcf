// Models: the JSON schemas by which an API describes its messages.
#pragma once
#include <string>
#include <string_view>

#include "services/apigatewayv2/api/apis.h"

namespace outcrop::apigatewayv2 {

inline constexpr std::string_view json_content = "application/json";

// Whether that model may be written. Faults: BadRequestException 400 for a name or a schema that is none, ConflictException 409 for a
// name that another of `all` has.
Task<Result<void>> check_model(store::Transaction& transaction, const Parts<ModelRecord>& all, std::string_view id,
                               const ModelRecord& model);

// Fault: ConflictException 409 when one of the routes asks for the model.
Task<Result<void>> check_unused(store::Transaction& transaction, const Parts<RouteRecord>& routes, const ModelRecord& model);

// As CreateModel, GetModel, UpdateModel and GetModels show it.
template <class Shown>
Shown show_model(std::string_view id, const ModelRecord& record) {
  return {.content_type = record.content_type,
          .description = record.description,
          .model_id = std::string(id),
          .name = record.name,
          .schema = record.schema};
}

}  // namespace outcrop::apigatewayv2
