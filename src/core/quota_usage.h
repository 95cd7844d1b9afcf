// What is used of the quotas that a service enforces, for the server's own interface (docs/admin.md).
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace outcrop {

// One quota of an account in a Region, or one limit of a tenant's budget, as it stands now. A quota fills again all the time: what was
// used a period ago is there again.
struct QuotaUsage {
  std::string service;  // "bedrock"
  std::string account, region;
  std::string subject;         // what of the service it is for: a model's id
  std::string route;           // by which way it is asked: "on-demand"
  std::string budget, tenant;  // of a budget, instead of all that
  std::string quota;           // "requests per minute"
  std::string code;            // in Service Quotas; of a budget empty
  double limit = 0;
  double used = 0;                                // not there again yet; beyond the limit where more was used than was there
  double in_flight = 0;                           // of it, what calls under way have taken and may give back
  double per_second = 0;                          // at which it was used lately
  double refill_per_second = 0;                   // at which it fills
  std::optional<double> renewed_in_seconds = {};  // when all of it is there again, where it does not fill steadily

  double remaining() const { return limit - used; }
  // How long until nothing is left, when it goes on as lately; none when that never comes.
  std::optional<double> exhausted_in_seconds() const {
    if (remaining() <= 0) return 0;
    if (per_second <= refill_per_second) return std::nullopt;
    const double seconds = remaining() / (per_second - refill_per_second);
    return renewed_in_seconds && seconds >= *renewed_in_seconds ? std::nullopt : std::optional(seconds);
  }
};

class QuotaUsageSource {
 public:
  virtual ~QuotaUsageSource() = default;

  // Of the account, or of all. Only of what was used since the server started. Thread-safe.
  virtual std::vector<QuotaUsage> quota_usage(const std::optional<std::string>& account) = 0;
};

}  // namespace outcrop
