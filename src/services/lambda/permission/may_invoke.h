// Who may invoke a function: its owner's identities, and whom its policy lets.
#pragma once
#include <string>
#include <string_view>

#include "auth/identity.h"
#include "core/call.h"
#include "services/lambda/permission/function_policies.h"

namespace outcrop::lambda {

// What is to be done, and what conditions of a policy see of who asks for it. Empty: there is no such thing.
struct InvokeRequest {
  std::string_view action = "lambda:InvokeFunction";  // or "lambda:InvokeFunctionUrl"
  std::string source_arn = {};                        // of what a service invokes for: a rule, an API's method
  std::string source_account = {};                    // of its owner
  std::string event_source_token = {};
  std::string function_url_auth_type = {};  // "NONE", "AWS_IAM": by a function URL of that type
  bool via_function_url = false;
};

// An AWS service, as policies name it: "events.amazonaws.com".
Identity service_identity(std::string principal);

// Whether `who` may: an identity of the owner's account, or who the policy of exactly what `name` names lets. A service, an anonymous
// caller and another account's identity need the policy. Fault: AccessDeniedException 403.
Task<Result<void>> check_policy_lets(FunctionPolicies& policies, const Call& call, const Identity& who, const FunctionName& name,
                                     const InvokeRequest& request);

// The same for the identity of the call, as servers are by default: where identities are not enforced, those of the owner's account
// may do everything.
Task<Result<void>> check_may_invoke(FunctionPolicies& policies, const Call& call, const FunctionName& name,
                                    const InvokeRequest& request = {});
// What a request to invoke names, whosever it is, when the identity of the call may invoke it. Faults as read_any_function_name() too.
Task<Result<FunctionName>> read_invoked_function(FunctionPolicies& policies, const Call& call, std::string_view text,
                                                 const std::optional<std::string>& qualifier = {});

// The same for a service that acts by itself; `call` is what it does that in. Where identities are not enforced it may.
Task<Result<void>> check_service_may_invoke(FunctionPolicies& policies, const Call& call, std::string principal, const FunctionName& name,
                                            const InvokeRequest& request);

// The same for the identity of the call by a function URL of that AuthType. AWS asks for both actions, InvokeFunctionUrl and
// InvokeFunction (Lambda Developer Guide, "Control access to Lambda function URLs").
Task<Result<void>> check_may_invoke_by_url(FunctionPolicies& policies, const Call& call, const FunctionName& name,
                                           std::string_view auth_type);

}  // namespace outcrop::lambda
