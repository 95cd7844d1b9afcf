#include "services/lambda/permission/may_invoke.h"

#include "auth/policy.h"

namespace outcrop::lambda {

namespace {

void set_when_known(auth::PolicyContext& context, std::string_view key, const std::string& value) {
  if (!value.empty()) context.set(key, value);
}

// Of a service that says what it acts for: the owner of that.
std::string source_account_of(const Call& call) { return call.source_arn.empty() ? "" : call.account(); }

auth::PolicyContext context_of_invocation(const Call& call, const Identity& who, const InvokeRequest& request) {
  auth::PolicyContext context = auth::context_of(who, {.source_ip = call.source_ip,
                                                       .user_agent = call.user_agent,
                                                       .region = call.region,
                                                       .secure_transport = call.secure_transport,
                                                       .now = call.world.clock.wall()});
  set_when_known(context, "aws:SourceArn", request.source_arn.empty() ? call.source_arn : request.source_arn);
  set_when_known(context, "aws:SourceAccount", request.source_account.empty() ? source_account_of(call) : request.source_account);
  set_when_known(context, "lambda:EventSourceToken", request.event_source_token);
  set_when_known(context, "lambda:FunctionUrlAuthType", request.function_url_auth_type);
  context.set("lambda:InvokedViaFunctionUrl", request.via_function_url ? "true" : "false");
  return context;
}

Task<Result<std::optional<auth::PolicyDocument>>> find_document(FunctionPolicies& policies, const FunctionName& name) {
  const std::optional<PolicyRecord> policy = co_await policies.find(name);
  if (!policy) co_return std::nullopt;
  co_return co_await auth::parse_policy(document_of(*policy), auth::PolicyKind::resource);
}

}  // namespace

Identity service_identity(std::string principal) {
  return {.kind = Identity::Kind::service, .account = {}, .arn = std::move(principal), .user_id = {}, .access_key_id = {}};
}

Task<Result<void>> check_policy_lets(FunctionPolicies& policies, const Call& call, const Identity& who, const FunctionName& name,
                                     const InvokeRequest& request) {
  const std::string arn = name.qualified_arn();
  const auth::PolicyContext context = context_of_invocation(call, who, request);
  const std::optional<auth::PolicyDocument> document = co_await find_document(policies, name);
  const auth::AccessRequest access{who, request.action, arn, name.place.account, context};
  const auth::Decision decision = auth::authorize(access, {}, document ? &*document : nullptr);
  if (decision.is_allowed()) co_return {};
  co_return fail("AccessDeniedException", 403, auth::denial_message(access, decision, request.action));
}

Task<Result<void>> check_may_invoke(FunctionPolicies& policies, const Call& call, const FunctionName& name, const InvokeRequest& request) {
  if (call.account() == name.place.account && !call.enforced) co_return {};
  co_return co_await keep(check_policy_lets(policies, call, call.identity, name, request));
}

Task<Result<FunctionName>> read_invoked_function(FunctionPolicies& policies, const Call& call, std::string_view text,
                                                 const std::optional<std::string>& qualifier) {
  FunctionName name = co_await read_any_function_name(call, text, qualifier);
  co_await check_may_invoke(policies, call, name);
  co_return name;
}

Task<Result<void>> check_service_may_invoke(FunctionPolicies& policies, const Call& call, std::string principal, const FunctionName& name,
                                            const InvokeRequest& request) {
  if (!call.enforced) co_return {};
  const Identity service = service_identity(std::move(principal));
  co_return co_await keep(check_policy_lets(policies, call, service, name, request));
}

Task<Result<void>> check_may_invoke_by_url(FunctionPolicies& policies, const Call& call, const FunctionName& name,
                                           std::string_view auth_type) {
  InvokeRequest request{.function_url_auth_type = std::string(auth_type), .via_function_url = true};
  co_await check_may_invoke(policies, call, name, request);
  request.action = "lambda:InvokeFunctionUrl";
  co_return co_await keep(check_may_invoke(policies, call, name, request));
}

}  // namespace outcrop::lambda
