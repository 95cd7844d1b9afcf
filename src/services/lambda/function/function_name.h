// How callers name functions: "orders", "orders:live", "000000000000:function:orders", or the whole ARN, with a qualifier or without.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/call.h"
#include "services/lambda/function/keys.h"

namespace outcrop::lambda {

struct FunctionName {
  Place place;
  std::string name;
  std::optional<std::string> qualifier;  // "$LATEST", a version, an alias

  // "$LATEST" when there is none.
  std::string_view qualifier_or_latest() const { return qualifier ? std::string_view(*qualifier) : latest; }
  std::string arn() const;            // without a qualifier
  std::string qualified_arn() const;  // with the one there is
};

// What `text` and the Qualifier parameter name together. Faults as AWS's: ValidationException, InvalidParameterValueException (they
// differ), ResourceNotFoundException (another Region), AccessDeniedException (another account's, for operations that only owners have).
Result<FunctionName> read_function_name(const Call& call, std::string_view text, const std::optional<std::string>& qualifier = {});

}  // namespace outcrop::lambda
