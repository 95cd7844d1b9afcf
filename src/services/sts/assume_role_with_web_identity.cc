// AssumeRoleWithWebIdentity: credentials that act as a role, for a token of an identity provider instead of a signature.
#include "gen/sts/assume_role_with_web_identity.h"

#include "services/sts/limits.h"
#include "services/sts/session/issue.h"
#include "services/sts/session/role.h"
#include "services/sts/session/session_content.h"
#include "services/sts/session/wording.h"

namespace outcrop::sts {

Task<Result<AssumeRoleWithWebIdentityOutput>> assume_role_with_web_identity(Sts& sts, Call& call, AssumeRoleWithWebIdentityInput input) {
  const Role role = co_await parse_role(input.role_arn);
  // OAuth 2.0 access tokens of Amazon and Facebook, which only these providers can verify.
  if (input.provider_id) co_return fail(validation_error("ProviderId is not supported: only OpenID Connect ID tokens are."));
  const auth::WebIdentity identity = co_await sts.web_identities().identify(
      input.web_identity_token, {.role_account = role.account, .now = call.world.clock.wall(), .trusts_anyone = !call.enforced});
  const std::string provider = fmt::format("arn:aws:iam::{}:oidc-provider/{}", role.account, identity.issuer);

  const Seconds duration = input.duration_seconds ? Seconds(*input.duration_seconds) : limits::role_session_default;
  auth::SessionRecord record = begin_session(call, Identity::Kind::role, duration);
  record.account = role.account;
  record.arn = role.session_arn(input.role_session_name);
  record.user_id = role.session_id(input.role_session_name);
  record.federated_provider = provider;
  co_await add_policies(record, input.policy, input.policy_arns);
  const std::optional<int32_t> packed_size = co_await packed_policy_size(record);
  co_return AssumeRoleWithWebIdentityOutput{.credentials = issue(sts, call, record),
                                            .subject_from_web_identity_token = identity.subject,
                                            .assumed_role_user = AssumedRoleUser{.assumed_role_id = record.user_id, .arn = record.arn},
                                            .packed_policy_size = packed_size,
                                            .provider = provider,
                                            .audience = identity.audience};
}

}  // namespace outcrop::sts
