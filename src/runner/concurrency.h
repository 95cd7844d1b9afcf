// Concurrency: how many invocations of a function and of an account may run at the same time, how many a second, and how fast functions may
// scale out (AWS's documentation of Lambda's scaling). A function is on one loop, so its counts are plain numbers; an account is on all.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/token_bucket.h"
#include "runner/limits.h"

namespace outcrop::runner {

// What runs of the functions of an account in a Region that have no concurrency reserved.
using AccountConcurrency = std::atomic<uint32_t>;

// Those of all accounts. Thread-safe. Never forgotten: bounded by the accounts and Regions that are used.
class AccountConcurrencies {
 public:
  // What is left of an account's concurrency when all that is reserved is taken off; any thread.
  using Unreserved = std::function<uint32_t(std::string_view account, std::string_view region)>;
  explicit AccountConcurrencies(Unreserved unreserved) : unreserved_(std::move(unreserved)) {}

  AccountConcurrency& of(std::string_view account, std::string_view region);
  uint32_t unreserved(std::string_view account, std::string_view region) const;

 private:
  const Unreserved unreserved_;
  std::mutex mutex_;
  std::map<std::string, AccountConcurrency, std::less<>> accounts_;  // guarded by mutex_; by account/Region
};

class ConcurrencySlot;

// Of one function, over all its versions, on its loop.
class FunctionConcurrency : public std::enable_shared_from_this<FunctionConcurrency> {
 public:
  FunctionConcurrency(AccountConcurrencies& accounts, std::string account, std::string region);

  // Room for one more invocation. Faults: TooManyRequests' four, each as its code, 429.
  Result<ConcurrencySlot> take(std::optional<uint32_t> reserved, SteadyTime now);
  // Whether another environment may be made now.
  bool take_environment(SteadyTime now) { return environments_.take(now) == TokenBucket::Nanoseconds(0); }
  uint32_t running() const { return running_; }

 private:
  friend ConcurrencySlot;
  Result<ConcurrencySlot> take_reserved(uint32_t reserved, SteadyTime now);
  Result<ConcurrencySlot> take_unreserved(SteadyTime now);
  bool take_request(uint32_t concurrency, SteadyTime now);

  AccountConcurrencies& accounts_;
  const std::string account_, region_;
  AccountConcurrency& of_account_;
  uint32_t running_ = 0;
  uint32_t requests_for_ = 1;  // the concurrency that requests_ was made for
  TokenBucket requests_{limits::requests_per_concurrency, limits::requests_per_concurrency};
  TokenBucket environments_{limits::environments_per_second, limits::environments_burst};
};

// One invocation's part of the concurrency, until it is released, on the function's loop.
class ConcurrencySlot {
 public:
  ConcurrencySlot() = default;
  // Of what was counted already.
  ConcurrencySlot(std::shared_ptr<FunctionConcurrency> function, bool is_reserved)
      : function_(std::move(function)), is_reserved_(is_reserved) {}
  ConcurrencySlot(ConcurrencySlot&& other) noexcept = default;
  ConcurrencySlot& operator=(ConcurrencySlot&& other) = delete;
  ~ConcurrencySlot() { release(); }
  void release();

 private:
  std::shared_ptr<FunctionConcurrency> function_;  // null: holds nothing
  bool is_reserved_ = false;
};

}  // namespace outcrop::runner
