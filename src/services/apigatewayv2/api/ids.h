// Ids that API Gateway makes up: lower-case letters and digits.
#pragma once
#include <string>

#include "base/random.h"

namespace outcrop::apigatewayv2 {

std::string new_id(Random& random, size_t length);

}  // namespace outcrop::apigatewayv2
