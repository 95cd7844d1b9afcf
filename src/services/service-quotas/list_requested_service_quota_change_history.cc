#include "gen/service-quotas/list_requested_service_quota_change_history.h"

#include "services/service-quotas/quota/history.h"

namespace outcrop::service_quotas {

// The requests of the last 90 days in the caller's Region, the newest first.
Task<Result<ListRequestedServiceQuotaChangeHistoryOutput>> list_requested_service_quota_change_history(
    ServiceQuotas& quotas, Call& call, ListRequestedServiceQuotaChangeHistoryInput input) {
  if (input.service_code) co_await known_service(quotas, *input.service_code);
  HistoryPage page =
      co_await history_page(quotas, call, {input.next_token, input.max_results, input.status, input.quota_requested_at_level},
                            [&](const QuotaChange& change) { return !input.service_code || change.service_code == *input.service_code; });
  co_return ListRequestedServiceQuotaChangeHistoryOutput{.next_token = std::move(page.next_token),
                                                         .requested_quotas = std::move(page.changes)};
}

}  // namespace outcrop::service_quotas
