// The MOCK integration: no backend; what its request template makes says with which status it answers.
#pragma once
#include "gateway/event/mapped_request.h"

namespace outcrop::gateway {

// Fault: API_CONFIGURATION_ERROR 500 where that says no status.
Result<IntegrationResult> mock_answer(RouteEvent& event, const MappedRequest& request);

}  // namespace outcrop::gateway
