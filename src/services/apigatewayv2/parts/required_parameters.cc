#include "services/apigatewayv2/parts/required_parameters.h"

#include "gen/apigatewayv2/errors.h"

namespace outcrop::apigatewayv2 {

Result<void> merge_required(std::optional<wire::Map<bool>>& to, const std::optional<wire::Map<ParameterConstraints>>& from,
                            std::string_view prefix) {
  if (!from) return {};
  if (!to) to.emplace();
  for (const auto& [name, constraints] : *from) {
    if (!name.starts_with(prefix) || name.size() == prefix.size()) return fail(bad_request_exception("Invalid parameter name specified"));
    (*to)[name] = constraints.required.value_or(false);
  }
  return {};
}

std::optional<wire::Map<ParameterConstraints>> show_required(const std::optional<wire::Map<bool>>& parameters) {
  if (!parameters) return std::nullopt;
  wire::Map<ParameterConstraints> shown;
  for (const auto& [name, required] : *parameters) shown[name] = {.required = required};
  return shown;
}

}  // namespace outcrop::apigatewayv2
