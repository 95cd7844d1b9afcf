#include "gen/service-quotas/list_requested_service_quota_change_history_by_quota.h"

#include "services/service-quotas/quota/history.h"

namespace outcrop::service_quotas {

// The requests for one quota, of the last 90 days in the caller's Region, the newest first.
Task<Result<ListRequestedServiceQuotaChangeHistoryByQuotaOutput>> list_requested_service_quota_change_history_by_quota(
    ServiceQuotas& quotas, Call& call, ListRequestedServiceQuotaChangeHistoryByQuotaInput input) {
  co_await known_quota(quotas, call, input.service_code, input.quota_code);
  HistoryPage page = co_await history_page(
      quotas, call, {input.next_token, input.max_results, input.status, input.quota_requested_at_level},
      [&](const QuotaChange& change) { return change.service_code == input.service_code && change.quota_code == input.quota_code; });
  co_return ListRequestedServiceQuotaChangeHistoryByQuotaOutput{.next_token = std::move(page.next_token),
                                                                .requested_quotas = std::move(page.changes)};
}

}  // namespace outcrop::service_quotas
