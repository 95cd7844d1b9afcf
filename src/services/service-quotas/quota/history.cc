#include "services/service-quotas/quota/history.h"

namespace outcrop::service_quotas {

Task<Result<HistoryPage>> history_page(ServiceQuotas& quotas, const Call& call, HistoryFilter filter, QuotaLedger::Matches matches) {
  std::optional<std::string> after = co_await position_of(filter.next_token);
  HistoryPage shown;
  // Every request was approved, and for an account.
  if (filter.status.value_or("APPROVED") != "APPROVED" || !asks_for_accounts(filter.level)) co_return shown;
  QuotaLedger::Page page =
      co_await quotas.ledger().page(place_of(call), std::move(after), page_size(filter.max_results), std::move(matches));
  for (const RecordedChange& recorded : page.changes) shown.changes.push_back(shown_change(recorded, call));
  if (page.last) shown.next_token = token_of(*page.last);
  co_return shown;
}

}  // namespace outcrop::service_quotas
