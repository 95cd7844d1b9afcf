#include "gen/apigatewayv2/delete_stage.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/stage_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<DeleteStageOutput>> delete_stage(Apigatewayv2& gateway, Call& call, DeleteStageInput input) {
  const ApiName api = api_named(call, input.api_id);
  co_await gateway.apis().stages(api).erase(input.stage_name, [&](store::Transaction& transaction, const StageRecord&) {
    return check_stage_unmapped(transaction, api, input.stage_name);
  });
  co_return DeleteStageOutput();
}

}  // namespace outcrop::apigatewayv2
