// A statement of a function's policy, made of AddPermission's parameters as AWS makes it.
#pragma once
#include <string>

#include "base/result.h"
#include "gen/lambda/add_permission.h"
#include "services/lambda/function/function_name.h"

namespace outcrop::lambda {

// JSON. Faults with InvalidParameterValueException 400: what is no principal; an authorization type for actions that know none.
Result<std::string> make_statement(const FunctionName& function, const AddPermissionInput& input);

}  // namespace outcrop::lambda
