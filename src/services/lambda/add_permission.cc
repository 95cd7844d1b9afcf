#include "gen/lambda/add_permission.h"

#include "gen/lambda/errors.h"
#include "services/lambda/lambda.h"
#include "services/lambda/permission/statement.h"

namespace outcrop::lambda {

// Lets a service, an account or an identity use a function, a version or an alias: a statement in its policy, which it shows.
Task<Result<AddPermissionOutput>> add_permission(Lambda& lambda, Call& call, AddPermissionInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  if (name.qualifier == latest)
    co_return fail(invalid_parameter_value_exception("We currently do not support adding policies for $LATEST."));
  Result<std::string> statement = make_statement(name, input);
  co_await lambda.policies().add(name, input.statement_id, statement, input.revision_id);
  co_return AddPermissionOutput{.statement = std::move(*statement)};
}

}  // namespace outcrop::lambda
