#include "gateway/guard/throttles.h"

#include <fmt/format.h>

#include "gateway/api/route_settings.h"
#include "gateway/guard/limits.h"
#include "gateway/guard/quotas.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view connect_route_key = "$connect";

RateLimit request_limit(double per_second) { return {per_second, request_burst(per_second)}; }
RateLimit connection_limit(double per_second) { return {per_second, per_second}; }

// None: only the account's limit holds.
std::optional<RateLimit> limit_of_route(const StageRecord& stage, std::string_view route_key) {
  const double* rate = find_route_setting(stage, route_key, &RouteSettingsRecord::rate_limit);
  const auto* burst = find_route_setting(stage, route_key, &RouteSettingsRecord::burst_limit);
  if (!rate) return std::nullopt;
  return RateLimit{*rate, burst ? double(*burst) : std::max(*rate, 1.0)};
}

}  // namespace

Throttles::Account::Account(QuotaBook::Applied rate, QuotaBook::Applied connection_rate)
    : rate(rate),
      connection_rate(connection_rate),
      requests(request_limit(rate.value())),
      connections(connection_limit(connection_rate.value())) {}

bool Throttles::let_connection(const ServedStage& stage) {
  const Instant now = clock_.wall();
  std::lock_guard lock(mutex_);
  Account& of_account = account(stage.api->account(), stage.api->region());
  return of_account.connections.take(connection_limit(of_account.connection_rate.value()), now) && take_request(of_account, now) &&
         take_of_route(stage, connect_route_key, now);
}

bool Throttles::let_message(const ServedStage& stage, std::string_view route_key) {
  const Instant now = clock_.wall();
  std::lock_guard lock(mutex_);
  return take_request(account(stage.api->account(), stage.api->region()), now) && take_of_route(stage, route_key, now);
}

bool Throttles::let_post(std::string_view owner, std::string_view region) {
  const Instant now = clock_.wall();
  std::lock_guard lock(mutex_);
  return take_request(account(owner, region), now);
}

bool Throttles::take_request(Account& account, Instant now) { return account.requests.take(request_limit(account.rate.value()), now); }

// Never let go: bounded by the accounts that have APIs.
Throttles::Account& Throttles::account(std::string_view owner, std::string_view region) {
  const std::string key = fmt::format("{}/{}", owner, region);
  if (auto at = accounts_.find(key); at != accounts_.end()) return at->second;
  const QuotaBook::Applied rate = request_rate(quotas_, owner, region), connections = connection_rate(quotas_, owner, region);
  return accounts_.try_emplace(key, rate, connections).first->second;
}

bool Throttles::take_of_route(const ServedStage& stage, std::string_view route_key, Instant now) {
  const std::optional<RateLimit> limit = limit_of_route(stage.record, route_key);
  if (!limit) return true;
  const std::string key = fmt::format("{}/{}/{}", stage.api->id(), stage.name, route_key);
  auto at = routes_.find(key);
  if (at == routes_.end()) {
    if (routes_.size() >= limits::buckets_max) let_full_ones_go(now);
    at = routes_.try_emplace(key, *limit).first;
  }
  return at->second.take(*limit, now);
}

void Throttles::let_full_ones_go(Instant now) {
  std::erase_if(routes_, [&](const auto& entry) { return entry.second.is_full(now); });
}

}  // namespace outcrop::gateway
