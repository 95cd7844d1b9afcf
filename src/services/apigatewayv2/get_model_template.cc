#include "gen/apigatewayv2/get_model_template.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/model/model_template.h"

namespace outcrop::apigatewayv2 {

// What a mapping template that makes the model may look like. A model is JSON, or it is not written.
Task<Result<GetModelTemplateOutput>> get_model_template(Apigatewayv2& gateway, Call& call, GetModelTemplateInput input) {
  const ModelRecord record = co_await gateway.apis().models(api_named(call, input.api_id)).get(input.model_id);
  const auto schema = json::parse(record.schema);
  check(schema.has_value(), "the schema of a model is JSON");
  co_return GetModelTemplateOutput{.value = model_template(*schema)};
}

}  // namespace outcrop::apigatewayv2
