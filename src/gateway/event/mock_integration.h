// The MOCK integration: no backend; its request template says with which status it answers.
#pragma once
#include "gateway/event/event_values.h"

namespace outcrop::gateway {

Result<IntegrationResult> mock_result(const DeployedApi::Integration& integration, EventValues& values);

}  // namespace outcrop::gateway
