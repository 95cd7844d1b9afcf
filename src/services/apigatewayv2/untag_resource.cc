#include "gen/apigatewayv2/untag_resource.h"

#include "services/apigatewayv2/parts/tagged_resource.h"
#include "services/apigatewayv2/parts/tags.h"

namespace outcrop::apigatewayv2 {

namespace {

Result<void> take_away(Tags& tags, const std::vector<std::string>& keys) {
  remove_tags(tags, keys);
  return {};
}

}  // namespace

Task<Result<UntagResourceOutput>> untag_resource(Apigatewayv2& gateway, Call& call, UntagResourceInput input) {
  co_await change_tags(gateway, call, input.resource_arn, [&](Tags& tags) { return take_away(tags, input.tag_keys); });
  co_return UntagResourceOutput();
}

}  // namespace outcrop::apigatewayv2
