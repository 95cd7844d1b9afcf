#include "services/apigatewayv2/parts/expressions.h"

#include <fmt/format.h>

#include "gen/apigatewayv2/errors.h"

namespace outcrop::apigatewayv2 {

Result<void> check_expression(std::string_view member, const std::optional<std::string>& expression) {
  if (!expression || expression->empty()) return {};
  if (expression->find('$') != std::string::npos) return {};
  return fail(bad_request_exception(fmt::format("Invalid {} specified: {}", member, *expression)));
}

}  // namespace outcrop::apigatewayv2
