// Throttles: how many events an account, a stage and its routes let through a second. Buckets fill in wall time, so that advancing a manual
// clock fills them.
//
// A route is held to its own settings and, where it has none, to the stage's default ones, with a bucket of its own in both cases.
#pragma once
#include <map>
#include <mutex>
#include <string>

#include "core/quota_book.h"
#include "core/world.h"
#include "gateway/api/api_source.h"
#include "gateway/guard/adjustable_bucket.h"

namespace outcrop::gateway {

// Thread-safe.
class Throttles {
 public:
  Throttles(const Clock& clock, QuotaBook& quotas) : clock_(clock), quotas_(quotas) {}

  // Takes a token wherever one is needed. False: one of the buckets is empty.
  bool let_connection(const ServedStage& stage);
  bool let_message(const ServedStage& stage, std::string_view route_key);
  bool let_post(std::string_view account, std::string_view region);

 private:
  struct Account {
    Account(QuotaBook::Applied rate, QuotaBook::Applied connection_rate);

    QuotaBook::Applied rate, connection_rate;
    AdjustableBucket requests, connections;
  };

  Account& account(std::string_view account, std::string_view region);
  static bool take_request(Account& account, Instant now);
  bool take_of_route(const ServedStage& stage, std::string_view route_key, Instant now);
  void let_full_ones_go(Instant now);

  const Clock& clock_;
  QuotaBook& quotas_;
  std::mutex mutex_;
  std::map<std::string, Account, std::less<>> accounts_;         // by account and Region
  std::map<std::string, AdjustableBucket, std::less<>> routes_;  // by API, stage and route, of those with a limit
};

}  // namespace outcrop::gateway
