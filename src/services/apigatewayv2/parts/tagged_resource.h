// What can be tagged, by its ARN: "arn:aws:apigateway:us-east-1::/apis/bu24s9i8t0", ".../apis/bu24s9i8t0/stages/live" and
// ".../domainnames/chat.example.com".
#pragma once
#include <functional>
#include <string_view>

#include "core/call.h"
#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

using Tags = wire::Map<std::string>;

// Faults, both: BadRequestException 400 for what is no such ARN, or of another Region; NotFoundException 404 for what is not there.
Task<Result<Tags>> tags_of(Apigatewayv2& gateway, const Call& call, std::string_view arn);
// `change` may fault, and may run more than once.
Task<Result<void>> change_tags(Apigatewayv2& gateway, const Call& call, std::string_view arn,
                               const std::function<Result<void>(Tags&)>& change);

}  // namespace outcrop::apigatewayv2
