// The limits of STS that its model does not state, each with its source.
#pragma once
#include <cstddef>

#include "base/time.h"

namespace outcrop::sts::limits {

// A role's session unless the caller says otherwise (API reference, AssumeRole: DurationSeconds).
inline constexpr Seconds role_session_default{3600};
// A role's session that a role's session asked for (IAM User Guide, "Role chaining").
inline constexpr Seconds chained_session_max{3600};
// GetSessionToken and GetFederationToken (API reference: DurationSeconds); of an account's root an hour at the most.
inline constexpr Seconds user_session_default{43'200};
inline constexpr Seconds root_session_max{3600};
// Managed policies of a session (API reference, AssumeRole: PolicyArns).
inline constexpr size_t policy_arns_max = 10;
// Bytes of session policies and tags when deflated, which PackedPolicySize is a percentage of. Ours: AWS publishes neither its format nor
// the bound; its examples lie near this.
inline constexpr size_t packed_bytes_max = 4096;

}  // namespace outcrop::sts::limits
