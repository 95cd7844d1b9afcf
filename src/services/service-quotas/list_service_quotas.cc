#include "gen/service-quotas/list_service_quotas.h"

#include "services/service-quotas/quota/known_quota.h"
#include "services/service-quotas/quota/page.h"

namespace outcrop::service_quotas {

// The values that apply to the caller's account in its Region, by code.
Task<Result<ListServiceQuotasOutput>> list_service_quotas(ServiceQuotas& quotas, Call& call, ListServiceQuotasInput input) {
  const QuotaBook::Service& service = *co_await known_service(quotas, input.service_code);
  if (input.quota_code) co_await known_quota(quotas, call, input.service_code, *input.quota_code);
  const std::optional<std::string> after = co_await position_of(input.next_token);
  ListServiceQuotasOutput output{.quotas = std::vector<ServiceQuota>()};
  if (!asks_for_accounts(input.quota_applied_at_level)) co_return output;
  for (const Quota* quota : quotas_in(service, call.region, after)) {
    if (input.quota_code && quota->code != *input.quota_code) continue;
    if (output.quotas->size() == page_size(input.max_results)) {
      output.next_token = token_of(*output.quotas->back().quota_code);
      break;
    }
    output.quotas->push_back(shown_applied(quotas, {service, *quota}, call));
  }
  co_return output;
}

}  // namespace outcrop::service_quotas
