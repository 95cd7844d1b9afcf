// Surroundings: what a runner asks of those who know it: programs, credentials, where the server is, and what an account may use. main
// implements it, so that the runner knows neither STS nor the configuration.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.h"
#include "base/time.h"
#include "runner/function_version.h"
#include "runner/runtimes/runtimes.h"

namespace outcrop::runner {

// Of a function's role, for one environment.
struct FunctionCredentials {
  std::string access_key_id, secret_access_key, session_token;
  std::optional<Instant> expires = {};
};

// Thread-safe; outlives the runner.
class Surroundings {
 public:
  virtual ~Surroundings() = default;

  // Blocks: it may ask a program for its version.
  virtual Result<Launch> launch(const FunctionVersion& function) = 0;
  virtual Task<Result<FunctionCredentials>> credentials(FunctionVersionRef function) = 0;
  // What SDKs in functions talk to, "http://127.0.0.1:4566"; empty: what they take by themselves.
  virtual std::string endpoint() = 0;
  // A file with the certificates that functions are to trust beside their own; empty: none.
  virtual std::string certificates() = 0;
  // What an account's functions without reserved concurrency share: its concurrency without all that is reserved.
  virtual uint32_t unreserved_concurrency(std::string_view account, std::string_view region) = 0;
};

}  // namespace outcrop::runner
