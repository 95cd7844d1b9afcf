// Fault rules as the admin interface has them in JSON:
//   {"service": "sqs", "operation": "Send*", "error": "RequestThrottled", "status": 400, "message": "…",
//    "rate": 0.1, "count": 3, "dropConnection": false,
//    "latency": 250 | "250ms" | {"uniform": ["10ms", "1s"]} | {"mean": "80ms", "deviation": "20ms"} |
//               {"p50": "20ms", "p90": "100ms", "p99": "2s"}}
// Everything is optional but something to do; numbers are milliseconds.
#pragma once
#include "core/directory.h"
#include "core/fault_injection.h"
#include "json/json.h"

namespace outcrop {

// Faults: ValidationException 400 naming the member. A status that is not given is the one the service's model has for the error,
// else 503 for ServiceUnavailable, 500 for Internal…, 400.
Result<FaultRule> fault_rule_from_json(const json::Value& value, const Directory& directory);

json::Value fault_rule_to_json(const FaultRule& rule);

}  // namespace outcrop
