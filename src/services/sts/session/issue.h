// The last step of every operation that makes a session.
#pragma once
#include "gen/sts/types.h"
#include "services/sts/sts.h"

namespace outcrop::sts {

// A record of a session that begins now and lasts that long, of whole seconds, for the other members to be filled in.
auth::SessionRecord begin_session(const Call& call, Identity::Kind kind, Seconds duration);
Credentials issue(const Sts& sts, const Call& call, const auth::SessionRecord& record);

// How long a session of long-term credentials lasts; a root's is cut to an hour.
Seconds user_session_duration(const Call& call, std::optional<int32_t> requested);
// Faults with AccessDenied 403 when the caller's credentials are temporary themselves.
Result<void> check_long_term(const Call& call);

struct Mfa {
  const std::optional<std::string>& serial_number;
  const std::optional<std::string>& token_code;
};
// Faults with AccessDenied 403 when a device or a one-time code is given: there are no devices. In open mode any code is right.
Result<void> check_mfa(const Call& call, const Mfa& mfa);

}  // namespace outcrop::sts
