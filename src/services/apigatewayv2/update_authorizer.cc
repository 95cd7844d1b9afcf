#include "gen/apigatewayv2/update_authorizer.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/authorizer_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<UpdateAuthorizerOutput>> update_authorizer(Apigatewayv2& gateway, Call& call, UpdateAuthorizerInput input) {
  co_await refuse_foreign_members(input);
  Parts<AuthorizerRecord> authorizers = gateway.apis().authorizers(api_named(call, input.api_id));
  const AuthorizerRecord record =
      co_await authorizers.change(input.authorizer_id, [&](store::Transaction& transaction, AuthorizerRecord& authorizer) {
        UpdateAuthorizerInput change = input;  // the transaction may run again
        if (change.name) authorizer.name = std::move(*change.name);
        if (change.authorizer_type) authorizer.type = std::move(*change.authorizer_type);
        set_authorizer(authorizer, change, std::move(change.identity_source));
        return check_authorizer(transaction, authorizers, input.authorizer_id, authorizer);
      });
  co_return show_authorizer<UpdateAuthorizerOutput>(input.authorizer_id, record);
}

}  // namespace outcrop::apigatewayv2
