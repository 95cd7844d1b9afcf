#include "gen/service-quotas/list_tags_for_resource.h"

#include "services/service-quotas/quota/known_quota.h"

namespace outcrop::service_quotas {

// The tags of a quota that was raised for the caller's account.
Task<Result<ListTagsForResourceOutput>> list_tags_for_resource(ServiceQuotas& quotas, Call& call, ListTagsForResourceInput input) {
  const KnownQuota known = co_await quota_of_arn(quotas, call, input.resource_arn);
  const QuotaLedger::Tags tags = co_await quotas.ledger().tags(place_of(call), name_of(known));
  ListTagsForResourceOutput output{.tags = std::vector<Tag>()};
  for (const auto& tag : tags) output.tags->push_back({.key = tag.key, .value = tag.value});
  co_return output;
}

}  // namespace outcrop::service_quotas
