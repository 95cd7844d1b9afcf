#include "gen/service-quotas/untag_resource.h"

#include "services/service-quotas/quota/known_quota.h"

namespace outcrop::service_quotas {

// Takes tags off a quota that was raised for the caller's account; keys that it does not have count for nothing.
Task<Result<UntagResourceOutput>> untag_resource(ServiceQuotas& quotas, Call& call, UntagResourceInput input) {
  const KnownQuota known = co_await quota_of_arn(quotas, call, input.resource_arn);
  co_await quotas.ledger().change_tags(place_of(call), name_of(known), [&](QuotaLedger::Tags& tags) -> Result<void> {
    for (const std::string& key : input.tag_keys) tags.erase(key);
    return {};
  });
  co_return UntagResourceOutput();
}

}  // namespace outcrop::service_quotas
