#include "runner/runtimes/runtimes.h"

namespace outcrop::runner {

Runtimes::Runtimes(RuntimeSettings settings) : settings_(std::move(settings)) {}

Result<void> Runtimes::check(std::string_view identifier) const {
  if (identifier.starts_with("nodejs") || identifier.starts_with("python3") || identifier.starts_with("provided.")) return {};
  return fail("InvalidParameterValueException", 400,
              "The runtime parameter of " + std::string(identifier) +
                  " is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while "
                  "creating or updating functions.");
}

}  // namespace outcrop::runner
