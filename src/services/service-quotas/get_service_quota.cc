#include "gen/service-quotas/get_service_quota.h"

#include "gen/service-quotas/errors.h"
#include "services/service-quotas/quota/known_quota.h"

namespace outcrop::service_quotas {

// The value that applies to the caller's account in its Region.
Task<Result<GetServiceQuotaOutput>> get_service_quota(ServiceQuotas& quotas, Call& call, GetServiceQuotaInput input) {
  const KnownQuota known = co_await known_quota(quotas, call, input.service_code, input.quota_code);
  if (input.context_id)
    co_return fail(no_such_resource_exception("The request failed because applied value for the specified context Id do not exist."));
  co_return GetServiceQuotaOutput{.quota = shown_applied(quotas, known, call)};
}

}  // namespace outcrop::service_quotas
