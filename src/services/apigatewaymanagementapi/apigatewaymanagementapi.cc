#include "services/apigatewaymanagementapi/apigatewaymanagementapi.h"

#include <fmt/format.h>

#include "gen/apigatewaymanagementapi/errors.h"
#include "wire/validate.h"

namespace outcrop::apigatewaymanagementapi {

// A message that is too long has an error of its own; how others are worded is not recorded.
Fault word_violations(const wire::Operation&, std::span<const wire::Violation> violations) {
  const wire::Violation& first = violations.front();
  if (first.kind == wire::Violation::Kind::length_max) return payload_too_large_exception("Message too long");
  return {"BadRequestException", 400, fmt::format("{} is missing or wrong", first.member ? first.member->name : "The request")};
}

}  // namespace outcrop::apigatewaymanagementapi
