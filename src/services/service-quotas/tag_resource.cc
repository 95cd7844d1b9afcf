#include "gen/service-quotas/tag_resource.h"

#include <fmt/format.h>

#include "gen/service-quotas/errors.h"
#include "services/service-quotas/limits.h"
#include "services/service-quotas/quota/known_quota.h"

namespace outcrop::service_quotas {

// Adds tags to a quota that was raised for the caller's account; those of the same keys are overwritten.
Task<Result<TagResourceOutput>> tag_resource(ServiceQuotas& quotas, Call& call, TagResourceInput input) {
  const KnownQuota known = co_await quota_of_arn(quotas, call, input.resource_arn);
  co_await quotas.ledger().change_tags(place_of(call), name_of(known), [&](QuotaLedger::Tags& tags) -> Result<void> {
    for (const Tag& tag : input.tags) {
      if (tag.key.starts_with("aws:")) return fail(tag_policy_violation_exception("Tag keys that begin with aws: are reserved."));
      tags[tag.key] = tag.value;
    }
    if (tags.size() > limits::tags_max)
      return fail(too_many_tags_exception(fmt::format("A quota can have at most {} tags.", limits::tags_max)));
    return {};
  });
  co_return TagResourceOutput();
}

}  // namespace outcrop::service_quotas
