#include "gateway/event/mock_integration.h"

namespace outcrop::gateway {

Result<IntegrationResult> mock_answer(RouteEvent& event, const MappedRequest& request) {
  const auto parsed = json::parse(request.body);
  const json::Value* given = parsed ? parsed->find("statusCode") : nullptr;
  const std::optional<int64_t> status = given ? given->as_int64() : std::nullopt;
  if (!status || *status < 100 || *status > 599) {
    event.integration_error =
        "Execution failed due to configuration error: Unable to parse statusCode. It should be an integer that is defined in the request "
        "template.";
    return fail(integration_cannot_be_asked());
  }
  event.integration_status = int(*status);
  return IntegrationResult{.status = int(*status)};
}

}  // namespace outcrop::gateway
