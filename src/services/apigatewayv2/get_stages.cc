#include "gen/apigatewayv2/get_stages.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/stage_parameters.h"

namespace outcrop::apigatewayv2 {

// By name.
Task<Result<GetStagesOutput>> get_stages(Apigatewayv2& gateway, Call& call, GetStagesInput input) {
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  const auto show = [](const Part<StageRecord>& part) { return show_stage<Stage>(part.id, part.record); };
  GetStagesOutput output;
  output.items = co_await list_page<Stage>(gateway.apis().stages(api_named(call, input.api_id)), page, output.next_token, show);
  co_return output;
}

}  // namespace outcrop::apigatewayv2
