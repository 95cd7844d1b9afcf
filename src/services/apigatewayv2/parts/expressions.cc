#include "services/apigatewayv2/parts/expressions.h"

#include "expr/selection_expression.h"
#include "gen/apigatewayv2/errors.h"

namespace outcrop::apigatewayv2 {

Result<void> check_expression(const std::optional<std::string>& expression) {
  if (!expression || expression->empty()) return {};
  const auto parsed = expr::SelectionExpression::parse(*expression);
  if (!parsed) return fail(parsed.error());
  return {};
}

Result<void> check_response_key(const std::string& key) {
  if (key.empty()) return fail(bad_request_exception("The key of a response cannot be empty"));
  const auto parsed = expr::SelectionKey::parse(key);
  if (!parsed) return fail(parsed.error());
  return {};
}

}  // namespace outcrop::apigatewayv2
