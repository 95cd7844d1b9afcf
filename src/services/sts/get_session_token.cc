// GetSessionToken: temporary credentials of the caller's own identity.
#include "gen/sts/get_session_token.h"

#include "services/sts/session/issue.h"

namespace outcrop::sts {

Task<Result<GetSessionTokenOutput>> get_session_token(Sts& sts, Call& call, GetSessionTokenInput input) {
  co_await check_long_term(call);
  co_await check_mfa(call, {input.serial_number, input.token_code});
  auth::SessionRecord record = begin_session(call, call.identity.kind, user_session_duration(call, input.duration_seconds));
  record.arn = call.identity.arn;
  record.user_id = call.identity.user_id;
  if (input.token_code) record.with_mfa = true;
  co_return GetSessionTokenOutput{.credentials = issue(sts, call, record)};
}

}  // namespace outcrop::sts
