// GetFederationToken: credentials for a user that somebody else knows, who may do what both the caller and the session policies allow.
#include "gen/sts/get_federation_token.h"

#include "services/sts/session/issue.h"
#include "services/sts/session/session_content.h"

namespace outcrop::sts {

Task<Result<GetFederationTokenOutput>> get_federation_token(Sts& sts, Call& call, GetFederationTokenInput input) {
  co_await check_long_term(call);
  auth::SessionRecord record = begin_session(call, Identity::Kind::federated_user, user_session_duration(call, input.duration_seconds));
  record.arn = fmt::format("arn:aws:sts::{}:federated-user/{}", call.account(), input.name);
  record.user_id = fmt::format("{}:{}", call.account(), input.name);
  record.needs_policy = true;
  co_await add_policies(record, input.policy, input.policy_arns);
  const std::vector<std::string> no_transitive_keys;
  co_await add_tags(record, {input.tags, no_transitive_keys}, call.identity);
  const std::optional<int32_t> packed_size = co_await packed_policy_size(record);
  co_return GetFederationTokenOutput{.credentials = issue(sts, call, record),
                                     .federated_user = FederatedUser{.federated_user_id = record.user_id, .arn = record.arn},
                                     .packed_policy_size = packed_size.value_or(0)};
}

}  // namespace outcrop::sts
