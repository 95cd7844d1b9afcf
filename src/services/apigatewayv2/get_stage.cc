#include "gen/apigatewayv2/get_stage.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/stage_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetStageOutput>> get_stage(Apigatewayv2& gateway, Call& call, GetStageInput input) {
  const StageRecord record = co_await gateway.apis().stages(api_named(call, input.api_id)).get(input.stage_name);
  co_return show_stage<GetStageOutput>(input.stage_name, record);
}

}  // namespace outcrop::apigatewayv2
