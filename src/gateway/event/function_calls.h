// FunctionCalls: how API Gateway invokes functions, for integrations and for authorizers. The gateway stands below the services, so that
// main implements it over Lambda's Invoke.
#pragma once
#include <stop_token>
#include <string>

#include "base/task.h"

namespace outcrop::gateway {

struct FunctionCall {
  std::string account;      // that the API belongs to
  std::string function;     // ARN, with a version or an alias: "arn:aws:lambda:us-east-1:111122223333:function:ask:live"
  std::string source_arn;   // what the function's policy sees: "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4/prod/$connect"
  std::string credentials;  // ARN of the role that invokes; empty: the service does, as apigateway.amazonaws.com
  std::string payload;      // JSON
  std::string trace_header = {};
  std::stop_token stop = {};  // nobody waits for the answer any more: the server stops
};

struct FunctionAnswer {
  std::string payload;
  std::string error;            // "Unhandled" when the function failed; the payload says why
  std::string request_id = {};  // of the invocation
};

// Thread-safe.
class FunctionCalls {
 public:
  virtual ~FunctionCalls() = default;

  // Waits for the answer for as long as the function may run. Faults: as Lambda's Invoke.
  virtual Task<Result<FunctionAnswer>> invoke(FunctionCall call) = 0;
};

}  // namespace outcrop::gateway
