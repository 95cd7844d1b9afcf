// Budgets: the meters of tenants. A minute's are buckets in memory; a day's and a month's are windows of the calendar, in UTC, whose use
// survives a restart. A tenant is one of its account: two accounts' tenants of the same name share nothing.
//
// A request that does not tell its tenant belongs to the tenant without a name, so that leaving out a header is no way around a budget;
// one without an inference profile belongs to none of a budget by profile.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/call.h"
#include "gen/records/bedrock-runtime.h"
#include "services/bedrock-runtime/model/model_target.h"
#include "services/bedrock-runtime/quota/budget.h"

namespace outcrop::bedrock_runtime {

class Budgets {
 public:
  // Of one tenant of one budget. Kept as long as somebody has taken of it, or its use counts.
  struct Tenant {
    const BudgetConfig& budget;
    std::string account, name;
    std::vector<std::unique_ptr<Meter>> meters;  // one a limit, in their order
    bool is_forgotten = false;                   // since a reset: requests that were under way then are all that is left of it
  };
  // Whom a request belongs to.
  struct Membership {
    std::vector<std::shared_ptr<Tenant>> tenants;  // one a budget that holds for it
    Price price;
  };

  explicit Budgets(BudgetOptions options);

  // Faults: AccessDeniedException 403 for a model without a price in a budget of money, ThrottlingException 429 where a budget has
  // more tenants than are kept.
  Result<Membership> membership(const Call& call, const ModelTarget& target);

  void each(const std::function<void(Tenant&)>& visit);

  // What was stored of a tenant, if its budget still has such a limit and the window is not over.
  void restore(const BudgetUse& use, Instant now);
  // Adds what is to be stored of a tenant since this was asked for last, one a window that was used.
  static void take_changes(Tenant& tenant, std::vector<BudgetUse>& out);
  // An account's tenants, or everybody, are as new.
  void forget(const std::optional<std::string>& account);

 private:
  struct Tenants {
    BudgetConfig budget;
    std::map<std::pair<std::string, std::string>, std::shared_ptr<Tenant>> by_name;  // account, name
  };

  std::shared_ptr<Tenant> tenant(Tenants& tenants, std::string_view account, std::string_view name, Instant now);
  const Price* price_of(std::string_view model_id) const;

  std::vector<std::unique_ptr<Tenants>> budgets_;
  std::vector<PriceConfig> prices_;
};

}  // namespace outcrop::bedrock_runtime
