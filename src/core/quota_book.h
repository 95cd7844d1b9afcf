// QuotaBook: the quotas that services enforce and Service Quotas shows, and the values that apply to accounts. A service describes its
// quotas and asks what applies; Service Quotas raises values and keeps them on disk. main hands the book to both, so that neither knows
// the other.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop {

struct Quota {
  enum class Period : uint8_t { none, minute, day };

  std::string code;  // "L-C6F5908D"
  std::string name;  // "On-demand model inference tokens per minute for …"
  Period period = Period::none;
  double value = 0;                                         // by default, where no Region differs
  std::map<std::string, double, std::less<>> regions = {};  // which differ
  std::vector<std::string> offered_in = {};                 // Regions; empty: all
  bool adjustable = true;

  double default_in(std::string_view region) const;
  bool is_offered_in(std::string_view region) const;
};

// Thread-safe.
class QuotaBook {
 public:
  struct Service {
    std::string code, name;  // "bedrock", "Amazon Bedrock"

    const std::vector<Quota>& quotas() const;  // by code; described when they are asked for first
    const Quota* find(std::string_view quota_code) const;

    std::function<std::vector<Quota>()> describe;

   private:
    mutable std::once_flag once_;
    mutable std::vector<Quota> quotas_;
  };

  // A quota's value for an account in a Region, wherever it is enforced: looked up once, read for each request, and changed at once by a
  // raise. The book must outlive it.
  class Applied {
   public:
    double value() const {
      const double raised = raised_->load(std::memory_order_relaxed);
      return raised > 0 ? raised : default_;
    }

   private:
    friend QuotaBook;
    Applied(const std::atomic<double>& raised, double by_default) : raised_(&raised), default_(by_default) {}

    const std::atomic<double>* raised_;
    double default_;
  };

  // Before the server serves. `describe` is called once at the most, on any thread.
  void add(std::string service_code, std::string service_name, std::function<std::vector<Quota>()> describe);

  // Before the server serves: called after every change of what applies, on any thread.
  void on_change(std::function<void()> listener) { listeners_.push_back(std::move(listener)); }

  std::vector<const Service*> services() const;  // by code
  const Service* find(std::string_view service_code) const;

  Applied applied(std::string_view account, std::string_view region, std::string_view service, std::string_view quota, double by_default);
  // What was raised for the account; none when the default applies.
  std::optional<double> raised(std::string_view account, std::string_view region, std::string_view service, std::string_view quota) const;
  void raise(std::string_view account, std::string_view region, std::string_view service, std::string_view quota, double value);
  // For an account, or for all.
  void restore_defaults(const std::optional<std::string>& account);

 private:
  std::atomic<double>& value_of(std::string_view account, std::string_view region, std::string_view service, std::string_view quota);

  void tell_change() const;

  std::map<std::string, std::unique_ptr<Service>, std::less<>> services_;
  std::vector<std::function<void()>> listeners_;
  mutable std::mutex mutex_;
  // By account/Region/service/quota; 0: not raised. Never removed, because others hold them: bounded by the quotas that were met.
  std::map<std::string, std::atomic<double>, std::less<>> values_;
};

}  // namespace outcrop
