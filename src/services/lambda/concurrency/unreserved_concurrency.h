// UnreservedConcurrency: what functions that reserve nothing share of their account's concurrency, at hand for whoever runs them.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/quota_book.h"
#include "core/world.h"
#include "services/lambda/function/keys.h"

namespace outcrop::lambda {

// Thread-safe.
class UnreservedConcurrency {
 public:
  UnreservedConcurrency(World& world, QuotaBook& quotas) : world_(world), quotas_(quotas) {}

  // Reads what is reserved everywhere. Before the server serves, and after a reset.
  Task<Result<void>> start();
  // After what is reserved in a place has changed.
  Task<Result<void>> refresh(const Place& place);

  uint32_t of(std::string_view account, std::string_view region);

 private:
  struct Known {
    QuotaBook::Applied max;
    uint64_t reserved = 0;
  };
  Known& known(std::string_view account, std::string_view region);  // under mutex_

  World& world_;
  QuotaBook& quotas_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;  // by account/Region: bounded by those that are used
};

}  // namespace outcrop::lambda
