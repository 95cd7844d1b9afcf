// UsagePlans: what tenants use of their plans, by the API keys that their connections came with. What is there at once and a second is in
// memory. A day's use is on disk too; messages do not wait for it, so that a killed process forgets its last moments.
//
// Nothing here is known of connections without a plan, and nothing is asked for APIs that want no keys.
//
// Keys: "global/gateway/usage/" account plan tenant; values: UsageRecord.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/task_group.h"
#include "core/world.h"
#include "gateway/guard/refusal.h"
#include "gateway/guard/usage_plan.h"

namespace outcrop::gateway {

// Thread-safe.
class UsagePlans {
 public:
  UsagePlans(World& world, UsageOptions options);
  ~UsagePlans();  // after stop()

  // Reads what was used of today. Before the first connection.
  Task<Result<void>> start();
  // Waits for every write. Nobody connects and nothing is sent afterwards.
  Task<void> stop() { return tasks_.join(); }

  // Null: the account has no such key.
  const ApiKeyConfig* find(std::string_view account, std::string_view key) const;

  // Counts a connection as one of the key's tenant; null, or why not.
  const Refusal* let_connection(const ApiKeyConfig& key, std::string_view connection_id);
  // A message on a connection that was let in; null, or why not. Also of one that has no plan: null. On one of the world's executors.
  const Refusal* let_message(std::string_view connection_id, size_t bytes);
  // The connection is no more; also of one that was never counted.
  void leave(std::string_view connection_id);

  // What tenants of the account have used today, or all, counts no more.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  struct Tenant;

  std::shared_ptr<Tenant> tenant_of(const ApiKeyConfig& key);
  const Refusal* take_message(Tenant& tenant, size_t bytes);
  Task<void> write_uses();

  World& world_;
  const UsageOptions options_;
  std::map<std::string, const ApiKeyConfig*, std::less<>> keys_;         // by the digest of account and key: time tells nothing of them
  std::map<std::string, std::shared_ptr<Tenant>, std::less<>> tenants_;  // that plans hold for, by their keys in the store

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Tenant>, std::less<>> of_connections_;
  std::set<std::shared_ptr<Tenant>> used_;  // whose use of the day is to be written
  bool is_writing_ = false;
  TaskGroup tasks_;
};

}  // namespace outcrop::gateway
