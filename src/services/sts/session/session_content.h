// What callers put into a session: policies that bound it and tags that conditions see.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "auth/identity.h"
#include "base/result.h"
#include "gen/records/auth.h"
#include "gen/sts/types.h"

namespace outcrop::sts {

// Faults: MalformedPolicyDocumentException 400, ValidationError 400 on more than policy_arns_max managed policies.
Result<void> add_policies(auth::SessionRecord& record, const std::optional<std::string>& policy,
                          const std::optional<std::vector<PolicyDescriptorType>>& policy_arns);

struct TagRequest {
  const std::optional<std::vector<Tag>>& tags;
  const std::vector<std::string>& transitive_keys;
};
// With what the caller's own session passes on. Fault: InvalidParameterValue 400.
Result<void> add_tags(auth::SessionRecord& record, const TagRequest& request, const Identity& caller);

// What of packed_bytes_max the policies and tags take, in percent; none when there are none. Fault:
// PackedPolicyTooLargeException 400.
Result<std::optional<int32_t>> packed_policy_size(const auth::SessionRecord& record);

}  // namespace outcrop::sts
