#include "gateway/guard/usage_plans.h"

#include <algorithm>

#include "base/digest.h"
#include "base/log.h"
#include "gateway/guard/adjustable_bucket.h"
#include "gen/records/gateway.h"
#include "store/keys.h"
#include "store/store.h"
#include "wire/record.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view usage_prefix = "global/gateway/usage/";

std::string digest_of(std::string_view account, std::string_view key) { return sha256(std::string(account) + "/" + std::string(key)); }

std::string_view tenant_name(const ApiKeyConfig& key) { return key.tenant.empty() ? key.name : key.tenant; }

std::string usage_key(const ApiKeyConfig& key) {
  return store::KeyWriter(usage_prefix).text(key.account).text(key.plan).text(tenant_name(key)).str();
}

Instant day_of(Instant at) { return std::chrono::floor<std::chrono::days>(at); }

RateLimit per_second(const std::optional<double>& rate, const std::optional<double>& burst = {}) {
  return {rate.value_or(1), burst.value_or(std::max(rate.value_or(1), 1.0))};
}

}  // namespace

struct UsagePlans::Tenant {
  Tenant(const UsagePlanConfig& plan, std::string key)
      : plan(plan), key(std::move(key)), new_connections(connection_limit()), messages(message_limit()) {}

  RateLimit connection_limit() const { return per_second(plan.connections_per_second); }
  RateLimit message_limit() const { return per_second(plan.messages_per_second, plan.message_burst); }
  bool has_days() const { return plan.messages_per_day || plan.bytes_per_day; }

  const UsagePlanConfig& plan;
  const std::string key;  // in the store
  std::set<std::string, std::less<>> connections;
  AdjustableBucket new_connections, messages;
  UsageRecord today;
};

UsagePlans::UsagePlans(World& world, UsageOptions options) : world_(world), options_(std::move(options)) {
  for (const ApiKeyConfig& key : options_.keys) {
    keys_.emplace(digest_of(key.account, key.key), &key);
    const auto plan = std::ranges::find(options_.plans, key.plan, &UsagePlanConfig::name);
    if (plan == options_.plans.end()) continue;
    auto [at, is_new] = tenants_.try_emplace(usage_key(key));
    if (!is_new) continue;
    at->second = std::make_shared<Tenant>(*plan, at->first);
    at->second->today = {.account = key.account, .plan = key.plan, .tenant = std::string(tenant_name(key))};
  }
}

UsagePlans::~UsagePlans() = default;

// What nobody is known to have used today goes: tenants that are configured no more, and days that are over.
Task<Result<void>> UsagePlans::start() {
  store::WriteBatch over;
  store::Range rest = store::Range::prefix(std::string(usage_prefix));
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(rest);
    if (entries.empty()) break;
    rest.begin = store::key_after(entries.back().key);
    for (const store::Entry& entry : entries) {
      UsageRecord use = co_await wire::decode_record<UsageRecord>(entry.value);
      const auto tenant = tenants_.find(entry.key);
      if (tenant == tenants_.end() || use.day != day_of(world_.clock.wall()))
        over.erase(entry.key);
      else
        tenant->second->today = std::move(use);
    }
  }
  if (!over.empty()) co_await world_.store.write(std::move(over));
  co_return {};
}

const ApiKeyConfig* UsagePlans::find(std::string_view account, std::string_view key) const {
  const auto at = keys_.find(digest_of(account, key));
  return at == keys_.end() ? nullptr : at->second;
}

std::shared_ptr<UsagePlans::Tenant> UsagePlans::tenant_of(const ApiKeyConfig& key) {
  const auto at = tenants_.find(usage_key(key));
  return at == tenants_.end() ? nullptr : at->second;
}

const Refusal* UsagePlans::let_connection(const ApiKeyConfig& key, std::string_view connection_id) {
  const std::shared_ptr<Tenant> tenant = tenant_of(key);
  if (!tenant) return nullptr;
  std::lock_guard lock(mutex_);
  const UsagePlanConfig& plan = tenant->plan;
  if (plan.connections && tenant->connections.size() >= *plan.connections) return &refusal::quota_exceeded;
  if (plan.connections_per_second && !tenant->new_connections.take(tenant->connection_limit(), world_.clock.wall()))
    return &refusal::throttled;
  tenant->connections.emplace(connection_id);
  of_connections_.emplace(connection_id, tenant);
  return nullptr;
}

const Refusal* UsagePlans::let_message(std::string_view connection_id, size_t bytes) {
  if (tenants_.empty()) return nullptr;
  bool begins_to_write = false;
  {
    std::lock_guard lock(mutex_);
    const auto at = of_connections_.find(connection_id);
    if (at == of_connections_.end()) return nullptr;
    if (const Refusal* refusal = take_message(*at->second, bytes)) return refusal;
    if (at->second->has_days()) {
      used_.insert(at->second);
      begins_to_write = !std::exchange(is_writing_, true);
    }
  }
  if (begins_to_write) tasks_.spawn(write_uses());
  return nullptr;
}

const Refusal* UsagePlans::take_message(Tenant& tenant, size_t bytes) {
  const Instant now = world_.clock.wall();
  UsageRecord& today = tenant.today;
  if (const Instant day = day_of(now); today.day != day) {
    today.day = day;
    today.messages = today.bytes = 0;
  }
  const UsagePlanConfig& plan = tenant.plan;
  if (plan.messages_per_day && uint64_t(today.messages) >= *plan.messages_per_day) return &refusal::quota_exceeded;
  if (plan.bytes_per_day && uint64_t(today.bytes) + bytes > *plan.bytes_per_day) return &refusal::quota_exceeded;
  if (plan.messages_per_second && !tenant.messages.take(tenant.message_limit(), now)) return &refusal::throttled;
  ++today.messages;
  today.bytes += int64_t(bytes);
  return nullptr;
}

void UsagePlans::leave(std::string_view connection_id) {
  std::lock_guard lock(mutex_);
  const auto at = of_connections_.find(connection_id);
  if (at == of_connections_.end()) return;
  if (auto counted = at->second->connections.find(connection_id); counted != at->second->connections.end())
    at->second->connections.erase(counted);
  of_connections_.erase(at);
}

// One write is under way at a time; what is used meanwhile goes with the next.
Task<void> UsagePlans::write_uses() {
  for (;;) {
    store::WriteBatch batch;
    {
      std::lock_guard lock(mutex_);
      for (const auto& tenant : std::exchange(used_, {})) batch.put(tenant->key, wire::encode_record(tenant->today));
      is_writing_ = !batch.empty();
      if (!is_writing_) co_return;
    }
    const Result<void> written = co_await keep(world_.store.write(std::move(batch)));
    if (!written) log::error("the use of usage plans could not be stored", {{"reason", written.error().message}});
  }
}

Task<Result<void>> UsagePlans::forget(const std::optional<std::string>& account) {
  {
    std::lock_guard lock(mutex_);
    for (const auto& [key, tenant] : tenants_) {
      if (!account || tenant->today.account == *account) tenant->today.messages = tenant->today.bytes = 0;
    }
  }
  store::WriteBatch batch;
  batch.erase_range(store::Range::prefix(account ? store::KeyWriter(usage_prefix).text(*account).str() : std::string(usage_prefix)));
  co_return co_await keep(world_.store.write(std::move(batch)));
}

}  // namespace outcrop::gateway
