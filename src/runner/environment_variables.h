// The variables that a function's process finds: those that AWS defines, where Outcrop is, what its runtime needs, and the function's own
// (AWS's "Using Lambda environment variables").
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "runner/surroundings.h"

namespace outcrop::runner {

struct EnvironmentFacts {
  std::string runtime_api;  // "127.0.0.1:40123"
  std::string log_stream;
  FunctionCredentials credentials;
  std::string endpoint, certificates;
  bool is_provisioned = false;
};

using Variables = std::vector<std::pair<std::string, std::string>>;

// Each name once.
Variables environment_variables(const FunctionVersion& function, const Launch& launch, const EnvironmentFacts& facts);

}  // namespace outcrop::runner
