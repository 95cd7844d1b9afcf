#include "gen/service-quotas/get_aws_default_service_quota.h"

#include "services/service-quotas/quota/known_quota.h"

namespace outcrop::service_quotas {

// The default of the Region, whatever was raised.
Task<Result<GetAWSDefaultServiceQuotaOutput>> get_aws_default_service_quota(ServiceQuotas& quotas, Call& call,
                                                                            GetAWSDefaultServiceQuotaInput input) {
  const KnownQuota known = co_await known_quota(quotas, call, input.service_code, input.quota_code);
  co_return GetAWSDefaultServiceQuotaOutput{.quota = shown_default(known, call)};
}

}  // namespace outcrop::service_quotas
