#include "gen/lambda/get_policy.h"

#include "gen/lambda/errors.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// The policy of a function, a version or an alias, as a document.
Task<Result<GetPolicyOutput>> get_policy(Lambda& lambda, Call& call, GetPolicyInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  std::optional<PolicyRecord> policy = co_await lambda.policies().find(name);
  if (!policy) co_return fail(resource_not_found_exception("The resource you requested does not exist."));
  co_return GetPolicyOutput{.policy = document_of(*policy), .revision_id = std::move(policy->revision_id)};
}

}  // namespace outcrop::lambda
