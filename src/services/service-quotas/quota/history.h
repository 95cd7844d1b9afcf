// Pages of the history, as both of its operations list them.
#pragma once
#include "services/service-quotas/quota/known_quota.h"
#include "services/service-quotas/quota/page.h"

namespace outcrop::service_quotas {

struct HistoryFilter {
  const std::optional<std::string>& next_token;
  const std::optional<int32_t>& max_results;
  const std::optional<std::string>& status;
  const std::optional<std::string>& level;
};

struct HistoryPage {
  std::optional<std::string> next_token;
  std::vector<RequestedServiceQuotaChange> changes;
};

// Fault: InvalidPaginationTokenException 400. What is passed lives until the task ends.
Task<Result<HistoryPage>> history_page(ServiceQuotas& quotas, const Call& call, HistoryFilter filter, QuotaLedger::Matches matches);

}  // namespace outcrop::service_quotas
