#include "services/bedrock-runtime/quota/budgets.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/policy_pattern.h"
#include "auth/session.h"
#include "gen/bedrock-runtime/errors.h"
#include "services/bedrock-runtime/limits.h"

namespace outcrop::bedrock_runtime {

namespace {

bool matches_any(const std::vector<std::string>& patterns, std::string_view text) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& each) { return auth::matches_wildcards(each, text); });
}

std::string_view tag_of(const Identity& identity, std::string_view key) {
  if (!identity.session) return {};
  auto tag = std::ranges::find(identity.session->tags, key, &std::pair<std::string, std::string>::first);
  return tag == identity.session->tags.end() ? std::string_view() : tag->second;
}

// None where the budget is not for such requests; empty where the request does not tell.
std::optional<std::string_view> tenant_name(const BudgetConfig& budget, const Call& call, const ModelTarget& target) {
  switch (budget.by) {
    case BudgetConfig::By::profile:
      if (target.name == target.model->id) return std::nullopt;
      return target.name;
    case BudgetConfig::By::access_key:
      return call.identity.access_key_id.empty() ? call.identity.key_name : call.identity.access_key_id;
    case BudgetConfig::By::header:
      return call.extra_headers.get(budget.key);
    case BudgetConfig::By::claim:
      return tag_of(call.identity, budget.key);
  }
  check(false, "a budget without a way to tell tenants");
  return {};
}

Meter::Counts counts_of(Unit unit) {
  if (unit == Unit::requests) return Meter::Counts::requests;
  return unit == Unit::usd ? Meter::Counts::usd : Meter::Counts::tokens;
}

std::string refusal_of(const BudgetConfig& budget, const BudgetConfig::Limit& limit) {
  const std::string_view unit = limit.unit == Unit::usd ? "USD" : word_of(limit.unit);
  return fmt::format("The budget {} of {} {} per {} is used up, please wait before trying again.", budget.name, limit.amount, unit,
                     word_of(limit.period));
}

std::unique_ptr<Meter> meter_of(const BudgetConfig& budget, const BudgetConfig::Limit& limit) {
  const Meter::Counts counts = counts_of(limit.unit);
  if (limit.period == Period::minute) {
    return std::make_unique<BucketMeter>(counts, limit.period, limit.amount, refusal_of(budget, limit));
  }
  return std::make_unique<WindowMeter>(counts, limit.period, limit.amount, refusal_of(budget, limit));
}

bool counts_money(const BudgetConfig& budget) {
  return std::ranges::any_of(budget.limits, [](const BudgetConfig::Limit& limit) { return limit.unit == Unit::usd; });
}

bool is_as_new(const Budgets::Tenant& tenant, Instant now) {
  return std::ranges::all_of(tenant.meters, [now](const auto& meter) { return meter->available(now) >= meter->limit(); });
}

}  // namespace

Budgets::Budgets(BudgetOptions options) : prices_(std::move(options.prices)) {
  for (BudgetConfig& budget : options.budgets) {
    auto tenants = std::make_unique<Tenants>();
    tenants->budget = std::move(budget);
    budgets_.push_back(std::move(tenants));
  }
}

Result<Budgets::Membership> Budgets::membership(const Call& call, const ModelTarget& target) {
  Membership membership;
  for (const auto& tenants : budgets_) {
    const BudgetConfig& budget = tenants->budget;
    if (!matches_any(budget.models, target.model->id)) continue;
    const std::optional<std::string_view> name = tenant_name(budget, call, target);
    if (!name || !matches_any(budget.tenants, *name)) continue;
    if (name->size() > limits::tenant_bytes_max) {
      return fail(
          validation_exception(fmt::format("The tenant of the budget {} is longer than {} bytes.", budget.name, limits::tenant_bytes_max)));
    }
    if (counts_money(budget)) {
      const Price* price = price_of(target.model->id);
      if (!price) {
        return fail(access_denied_exception(
            fmt::format("The budget {} is one of money, and there is no price for the model {}.", budget.name, target.model->id)));
      }
      membership.price = *price;
    }
    auto found = tenant(*tenants, call.account(), *name, call.world.clock.wall());
    if (!found)
      return fail(throttling_exception(fmt::format("The budget {} has too many tenants, please wait before trying again.", budget.name)));
    membership.tenants.push_back(std::move(found));
  }
  return membership;
}

const Price* Budgets::price_of(std::string_view model_id) const {
  auto found = std::ranges::find_if(prices_, [&](const PriceConfig& price) { return auth::matches_wildcards(price.match, model_id); });
  return found == prices_.end() ? nullptr : &found->price;
}

// Null where too many are kept already. Those that have used nothing are not missed when they go.
std::shared_ptr<Budgets::Tenant> Budgets::tenant(Tenants& tenants, std::string_view account, std::string_view name, Instant now) {
  std::pair<std::string, std::string> key(account, name);
  auto found = tenants.by_name.find(key);
  if (found != tenants.by_name.end()) return found->second;
  if (tenants.by_name.size() >= limits::budget_tenants_max) {
    std::erase_if(tenants.by_name, [now](const auto& entry) {
      const std::shared_ptr<Tenant>& tenant = entry.second;
      return tenant.use_count() == 1 && is_as_new(*tenant, now);
    });
    if (tenants.by_name.size() >= limits::budget_tenants_max) return nullptr;
  }
  auto made = std::make_shared<Tenant>(Tenant{.budget = tenants.budget, .account = key.first, .name = key.second, .meters = {}});
  for (const BudgetConfig::Limit& limit : tenants.budget.limits) made->meters.push_back(meter_of(tenants.budget, limit));
  tenants.by_name.emplace(std::move(key), made);
  return made;
}

void Budgets::each(const std::function<void(Tenant&)>& visit) {
  for (const auto& tenants : budgets_) {
    for (const auto& [name, tenant] : tenants->by_name) visit(*tenant);
  }
}

void Budgets::take_changes(Tenant& tenant, std::vector<BudgetUse>& out) {
  for (const auto& meter : tenant.meters) {
    auto* window = dynamic_cast<WindowMeter*>(meter.get());
    if (!window || !window->take_change()) continue;
    BudgetUse& use = out.emplace_back();
    use.budget = tenant.budget.name;
    use.account = tenant.account;
    use.tenant = tenant.name;
    use.unit = word_of(meter->unit());
    use.period = word_of(meter->period);
    use.begin = window->use().begin;
    use.amount = window->use().amount;
  }
}

void Budgets::restore(const BudgetUse& use, Instant now) {
  for (const auto& tenants : budgets_) {
    if (tenants->budget.name != use.budget) continue;
    const std::shared_ptr<Tenant> restored = tenant(*tenants, use.account, use.tenant, now);
    if (!restored) return;
    for (const auto& meter : restored->meters) {
      auto* window = dynamic_cast<WindowMeter*>(meter.get());
      if (window && word_of(meter->unit()) == use.unit && word_of(meter->period) == use.period) window->restore({use.begin, use.amount});
    }
  }
}

// Requests under way keep what they have taken of; it is nobody's then.
void Budgets::forget(const std::optional<std::string>& account) {
  for (const auto& tenants : budgets_) {
    std::erase_if(tenants->by_name, [&](const auto& entry) {
      if (account && entry.first.first != *account) return false;
      entry.second->is_forgotten = true;
      return true;
    });
  }
}

}  // namespace outcrop::bedrock_runtime
