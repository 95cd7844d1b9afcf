#include "gen/service-quotas/get_requested_service_quota_change.h"

#include "gen/service-quotas/errors.h"
#include "services/service-quotas/quota/known_quota.h"

namespace outcrop::service_quotas {

// One request of the last 90 days.
Task<Result<GetRequestedServiceQuotaChangeOutput>> get_requested_service_quota_change(ServiceQuotas& quotas, Call& call,
                                                                                      GetRequestedServiceQuotaChangeInput input) {
  std::optional<QuotaChange> change = co_await quotas.ledger().find(place_of(call), input.request_id);
  if (!change)
    co_return fail(no_such_resource_exception("The request failed because the specified quota increase request does not exist."));
  co_return GetRequestedServiceQuotaChangeOutput{.requested_quota = shown_change({input.request_id, std::move(*change)}, call)};
}

}  // namespace outcrop::service_quotas
