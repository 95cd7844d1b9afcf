#include "gen/service-quotas/list_aws_default_service_quotas.h"

#include "services/service-quotas/quota/known_quota.h"
#include "services/service-quotas/quota/page.h"

namespace outcrop::service_quotas {

// The defaults of the Region, by code, whatever was raised.
Task<Result<ListAWSDefaultServiceQuotasOutput>> list_aws_default_service_quotas(ServiceQuotas& quotas, Call& call,
                                                                                ListAWSDefaultServiceQuotasInput input) {
  const QuotaBook::Service& service = *co_await known_service(quotas, input.service_code);
  const std::optional<std::string> after = co_await position_of(input.next_token);
  ListAWSDefaultServiceQuotasOutput output{.quotas = std::vector<ServiceQuota>()};
  for (const Quota* quota : quotas_in(service, call.region, after)) {
    if (output.quotas->size() == page_size(input.max_results)) {
      output.next_token = token_of(*output.quotas->back().quota_code);
      break;
    }
    output.quotas->push_back(shown_default({service, *quota}, call));
  }
  co_return output;
}

}  // namespace outcrop::service_quotas
