#include "gen/apigatewayv2/tag_resource.h"

#include "services/apigatewayv2/parts/tagged_resource.h"
#include "services/apigatewayv2/parts/tags.h"

namespace outcrop::apigatewayv2 {

// Adds tags to a resource; those of the same keys are overwritten.
Task<Result<TagResourceOutput>> tag_resource(Apigatewayv2& gateway, Call& call, TagResourceInput input) {
  co_await change_tags(gateway, call, input.resource_arn, [&](Tags& tags) { return add_tags(tags, input.tags); });
  co_return TagResourceOutput();
}

}  // namespace outcrop::apigatewayv2
