// Where an integration leads: its URI with the stage's variables in it, and what such a URI names.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "gateway/api/api_source.h"

namespace outcrop::gateway {

// "${stageVariables.NAME}" becomes the variable's value, or nothing where there is none.
std::string with_stage_variables(std::string_view text, const ServedStage& stage);

// The function's ARN in "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:…:function:ask/invocations". None
// where it is no such URI.
std::optional<std::string> function_in_uri(std::string_view uri);

}  // namespace outcrop::gateway
