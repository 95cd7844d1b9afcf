#include "services/sts/session/issue.h"

#include <algorithm>

#include "services/sts/limits.h"
#include "services/sts/session/wording.h"

namespace outcrop::sts {

auth::SessionRecord begin_session(const Call& call, Identity::Kind kind, Seconds duration) {
  const Instant now = std::chrono::floor<Seconds>(call.world.clock.wall());
  return {.kind = auth::record_kind(kind), .account = call.account(), .issued_at = now, .expires_at = now + duration};
}

Credentials issue(const Sts& sts, const Call& call, const auth::SessionRecord& record) {
  auth::TemporaryCredentials made = sts.sessions()->issue(record, call.world.random);
  return {.access_key_id = std::move(made.access_key_id),
          .secret_access_key = std::move(made.secret),
          .session_token = std::move(made.session_token),
          .expiration = made.expires_at};
}

Seconds user_session_duration(const Call& call, std::optional<int32_t> requested) {
  Seconds duration = requested ? Seconds(*requested) : limits::user_session_default;
  return call.identity.kind == Identity::Kind::root ? std::min(duration, limits::root_session_max) : duration;
}

Result<void> check_long_term(const Call& call) {
  if (!call.identity.session) return {};
  return fail(access_denied(fmt::format("Cannot call {} with session credentials", call.operation)));
}

Result<void> check_mfa(const Call& call, const Mfa& mfa) {
  if (mfa.serial_number.has_value() != mfa.token_code.has_value()) {
    return fail(access_denied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."));
  }
  if (!mfa.token_code || !call.enforced) return {};
  return fail(access_denied("MultiFactorAuthentication failed with invalid MFA one time pass code."));
}

}  // namespace outcrop::sts
