// How violations of the model are worded: every one is a BadRequestException here, and some have words of their own.
#include <fmt/format.h>

#include <algorithm>

#include "gen/apigatewayv2/errors.h"
#include "gen/apigatewayv2/manifest.h"
#include "services/apigatewayv2/limits.h"
#include "wire/validate.h"

namespace outcrop::apigatewayv2 {

Fault word_violations(const wire::Operation&, std::span<const wire::Violation> violations) {
  const auto is_of = [&](std::string_view member) {
    return std::ranges::any_of(violations, [&](const wire::Violation& violation) {
      return violation.member && violation.member->name == member && violation.kind != wire::Violation::Kind::required;
    });
  };
  if (is_of("ProtocolType")) return bad_request_exception("Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]");
  if (is_of("TimeoutInMillis"))
    return bad_request_exception(fmt::format("Timeout should be between {} ms and {} ms", limits::timeout_ms_min, limits::timeout_ms_max));
  return bad_request_exception(wire::violations_text(violations));
}

}  // namespace outcrop::apigatewayv2
