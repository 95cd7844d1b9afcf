// What a Lambda authorizer answers (Guide, "Output from an API Gateway Lambda authorizer").
#pragma once
#include <string>
#include <string_view>

#include "auth/policy_document.h"
#include "base/result.h"
#include "json/json.h"

namespace outcrop::gateway {

struct AuthorizerAnswer {
  std::string principal_id;
  auth::PolicyDocument policy;
  json::Object context;  // texts, as later events show them: "value", "123", "true"
  std::string usage_identifier_key;
};

// Fault: InvalidAuthorizer 500, which says what is wrong with it: it is for the API's owner, and not for clients.
Result<AuthorizerAnswer> read_authorizer_answer(std::string_view payload);

}  // namespace outcrop::gateway
