#include "gateway/event/mock_integration.h"

namespace outcrop::gateway {

namespace {

[[maybe_unused]] std::optional<int> status_in_request(std::string_view request) {
  const auto parsed = json::parse(request);
  const json::Value* given = parsed ? parsed->find("statusCode") : nullptr;
  const std::optional<int64_t> status = given ? given->as_int64() : std::nullopt;
  if (!status || *status < 100 || *status > 599) return std::nullopt;
  return int(*status);
}

}  // namespace

Result<IntegrationResult> mock_result(const DeployedApi::Integration& integration, EventValues& values) {
  return fail(integration_cannot_be_asked());
}

}  // namespace outcrop::gateway
