#include "gen/apigatewayv2/create_authorizer.h"

#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/parts/authorizer_parameters.h"

namespace outcrop::apigatewayv2 {

// A function that decides who may connect; the $connect route names it.
Task<Result<CreateAuthorizerOutput>> create_authorizer(Apigatewayv2& gateway, Call& call, CreateAuthorizerInput input) {
  co_await refuse_foreign_members(input);
  const std::string id = new_id(gateway.world().random, limits::deployment_id_length);
  Parts<AuthorizerRecord> authorizers = gateway.apis().authorizers(api_named(call, input.api_id));
  AuthorizerRecord asked{.name = std::move(input.name), .type = std::move(input.authorizer_type)};
  set_authorizer(asked, input, std::move(input.identity_source));
  const AuthorizerRecord record =
      co_await authorizers.create(id, asked, [&](store::Transaction& transaction, AuthorizerRecord& authorizer) {
        return check_authorizer(transaction, authorizers, id, authorizer);
      });
  co_return show_authorizer<CreateAuthorizerOutput>(id, record);
}

}  // namespace outcrop::apigatewayv2
