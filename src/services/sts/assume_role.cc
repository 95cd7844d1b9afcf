// AssumeRole: credentials that act as a role.
#include "gen/sts/assume_role.h"

#include "auth/session.h"
#include "services/sts/limits.h"
#include "services/sts/session/issue.h"
#include "services/sts/session/role.h"
#include "services/sts/session/session_content.h"
#include "services/sts/session/wording.h"

namespace outcrop::sts {

namespace {

Result<Seconds> role_session_duration(const Call& call, std::optional<int32_t> requested) {
  Seconds duration = requested ? Seconds(*requested) : limits::role_session_default;
  bool is_chained = call.identity.session && call.identity.kind == Identity::Kind::role;
  if (!is_chained || duration <= limits::chained_session_max) return duration;
  return fail(validation_error("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"));
}

// Once set, it stays through a chain of roles (IAM User Guide, "Monitor and control actions taken with assumed roles").
Result<std::optional<std::string>> source_identity(const Call& call, const std::optional<std::string>& requested) {
  if (!call.identity.session || call.identity.session->source_identity.empty()) return requested;
  const std::string& kept = call.identity.session->source_identity;
  if (!requested || *requested == kept) return kept;
  return fail(access_denied(fmt::format("User: {} is not authorized to perform: sts:SetSourceIdentity", call.identity.arn)));
}

// Context assertions come from an IAM Identity Center.
Result<void> check_no_contexts(const AssumeRoleInput& input) {
  if (!input.provided_contexts) return {};
  return fail(validation_error("ProvidedContexts is not supported: there is no provider of context assertions."));
}

}  // namespace

Task<Result<AssumeRoleOutput>> assume_role(Sts& sts, Call& call, AssumeRoleInput input) {
  const Role role = co_await parse_role(input.role_arn);
  co_await check_no_contexts(input);
  co_await check_may_assume(call, role, input);
  co_await check_mfa(call, {input.serial_number, input.token_code});
  const Seconds duration = co_await role_session_duration(call, input.duration_seconds);

  auth::SessionRecord record = begin_session(call, Identity::Kind::role, duration);
  record.account = role.account;
  record.arn = role.session_arn(input.role_session_name);
  record.user_id = role.session_id(input.role_session_name);
  record.source_identity = co_await source_identity(call, input.source_identity);
  if (input.token_code) record.with_mfa = true;
  co_await add_policies(record, input.policy, input.policy_arns);
  const std::vector<std::string> transitive_keys = input.transitive_tag_keys.value_or(std::vector<std::string>());
  co_await add_tags(record, {input.tags, transitive_keys}, call.identity);
  const std::optional<int32_t> packed_size = co_await packed_policy_size(record);
  co_return AssumeRoleOutput{.credentials = issue(sts, call, record),
                             .assumed_role_user = AssumedRoleUser{.assumed_role_id = record.user_id, .arn = record.arn},
                             .packed_policy_size = packed_size,
                             .source_identity = record.source_identity};
}

}  // namespace outcrop::sts
