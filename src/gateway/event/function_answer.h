// What a function of a Lambda proxy integration answered (API Gateway Developer Guide, "Output format of a Lambda function for proxy
// integration").
#pragma once
#include <string_view>

#include "gateway/event/integration_result.h"

namespace outcrop::gateway {

// Fault: its message says what is wrong with the answer.
Result<IntegrationResult> read_function_answer(std::string_view payload);

}  // namespace outcrop::gateway
