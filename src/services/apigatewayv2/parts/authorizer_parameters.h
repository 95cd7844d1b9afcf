// What requests say of authorizers, on its way into records and back.
#pragma once
#include <string>

#include "services/apigatewayv2/api/apis.h"
#include "services/apigatewayv2/parts/fields.h"

namespace outcrop::apigatewayv2 {

// Refuses what is another protocol's: payload formats, TTLs, simple responses, JSON Web Tokens. `input` is CreateAuthorizer's or
// UpdateAuthorizer's. Fault: BadRequestException 400.
Result<void> refuse_foreign(bool format, bool ttl, bool simple_responses, bool jwt);
template <class Input>
Result<void> refuse_foreign_members(const Input& input) {
  return refuse_foreign(input.authorizer_payload_format_version.has_value(), input.authorizer_result_ttl_in_seconds.has_value(),
                        input.enable_simple_responses.has_value(), input.jwt_configuration.has_value());
}

// What both operations may set beside name and type.
template <class Input>
void set_authorizer(AuthorizerRecord& authorizer, Input& input, std::optional<std::vector<std::string>> identity_source) {
  set_text(authorizer.uri, input.authorizer_uri);
  set_text(authorizer.credentials_arn, input.authorizer_credentials_arn);
  set_text(authorizer.validation_expression, input.identity_validation_expression);
  if (identity_source) authorizer.identity_source = std::move(identity_source);
}

// Whether that authorizer may be written; one empty identity source means none. Faults: BadRequestException 400 for what it says,
// ConflictException 409 for a name that another of `all` has.
Task<Result<void>> check_authorizer(store::Transaction& transaction, const Parts<AuthorizerRecord>& all, std::string_view id,
                                    AuthorizerRecord& authorizer);

// Fault: ConflictException 409 when one of the routes asks for it.
Task<Result<void>> check_authorizer_unused(store::Transaction& transaction, const Parts<RouteRecord>& routes, std::string_view id,
                                           const AuthorizerRecord& authorizer);

// As the operations that give one show it.
template <class Shown>
Shown show_authorizer(std::string_view id, const AuthorizerRecord& record) {
  Shown shown;
  shown.authorizer_id = std::string(id);
  shown.authorizer_type = record.type;
  shown.authorizer_uri = record.uri;
  shown.authorizer_credentials_arn = record.credentials_arn;
  shown.identity_source = record.identity_source;
  shown.identity_validation_expression = record.validation_expression;
  shown.name = record.name;
  return shown;
}

}  // namespace outcrop::apigatewayv2
