// The functions of this server's Lambda, as API Gateway invokes them.
#pragma once
#include "core/directory.h"
#include "gateway/event/function_calls.h"
#include "gen/lambda/invoke.h"

namespace outcrop::server {

class LambdaFunctionCalls final : public gateway::FunctionCalls {
 public:
  // Both must outlive it. `enforced`: a function's policy must let API Gateway.
  LambdaFunctionCalls(World& world, Directory& directory, bool enforced) : world_(world), directory_(directory), enforced_(enforced) {}

  Task<Result<gateway::FunctionAnswer>> invoke(gateway::FunctionCall asked) override;

 private:
  Task<Result<lambda::InvokeOutput>> carry_out(Call& call, lambda::InvokeInput input);

  World& world_;
  Directory& directory_;
  const bool enforced_;
};

}  // namespace outcrop::server
