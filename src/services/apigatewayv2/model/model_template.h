// The sample template of a model: what makes a body of its structure, with values that are to be replaced (API Gateway API reference,
// "GetModelTemplate": "a sample mapping template that can be used to transform a payload into the structure of a model").
#pragma once
#include <string>

#include "json/json.h"

namespace outcrop::apigatewayv2 {

// Of a JSON schema, as AWS writes it: 42 for numbers, "foo" for texts, a loop for a list. References within the schema are followed.
std::string model_template(const json::Value& schema);

}  // namespace outcrop::apigatewayv2
