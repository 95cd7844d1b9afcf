// What a caller of STS may do by its own policies.
#pragma once
#include "auth/policy.h"
#include "core/call.h"

namespace outcrop::sts {

auth::RequestFacts facts_of(const Call& call);

// Faults with AccessDenied 403 unless the caller's identity and session policies allow it. Federated users may call nothing of STS but
// GetCallerIdentity, which asks nobody (IAM User Guide, "Compare AWS STS credentials").
Result<void> check_allowed(const Call& call, const auth::AccessRequest& request);

}  // namespace outcrop::sts
