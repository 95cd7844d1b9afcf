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
  std::optional<std::string> qualifier = {};  // "$LATEST", a version, an alias

  // "$LATEST" when there is none.
  std::string_view qualifier_or_latest() const { return qualifier ? std::string_view(*qualifier) : latest; }
  std::string arn() const;            // without a qualifier
  std::string qualified_arn() const;  // with the one there is
  bool operator==(const FunctionName&) const = default;
};

// What `text` and the Qualifier parameter name together, of whatever account. Faults as AWS's: ValidationException 400 (it names
// nothing), InvalidParameterValueException 400 (the two differ), ResourceNotFoundException 404 (another Region).
Result<FunctionName> read_any_function_name(const Call& call, std::string_view text, const std::optional<std::string>& qualifier = {});

// The same for operations that only owners have: AccessDeniedException 403 for another account's.
Result<FunctionName> read_function_name(const Call& call, std::string_view text, const std::optional<std::string>& qualifier = {});

}  // namespace outcrop::lambda
