#include "gen/apigatewayv2/get_tags.h"

#include "services/apigatewayv2/parts/tagged_resource.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetTagsOutput>> get_tags(Apigatewayv2& gateway, Call& call, GetTagsInput input) {
  GetTagsOutput output;
  output.tags = co_await tags_of(gateway, call, input.resource_arn);
  co_return output;
}

}  // namespace outcrop::apigatewayv2
