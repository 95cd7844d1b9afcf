// Quotas: what requests may use. Bedrock's own, of on-demand inference: requests a minute, tokens a minute, tokens a day, of an account in
// a Region for a model (Bedrock User Guide, "How tokens are counted in Amazon Bedrock"); and the budgets of tenants (budgets.h).
//
// A request takes its input and the most it may put out when it begins; while its answer streams it takes more where that was too little;
// when it ends it is charged its input, what it wrote to the prompt cache, and its output times the model's burn-down rate, and what it
// took beyond that is given back. What it read from the cache is never charged to a quota.
//
// Beyond AWS, a request that says so waits for its turn where the forecast says that it will come in time (waiting_room.h).
#pragma once
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/call.h"
#include "core/metrics.h"
#include "core/quota_book.h"
#include "core/quota_usage.h"
#include "inference/conversation.h"
#include "inference/provider.h"
#include "services/bedrock-runtime/model/model_target.h"
#include "services/bedrock-runtime/quota/budget_store.h"
#include "services/bedrock-runtime/quota/budgets.h"
#include "services/bedrock-runtime/quota/course.h"
#include "services/bedrock-runtime/quota/share.h"
#include "services/bedrock-runtime/quota/waiting_room.h"

namespace outcrop::bedrock_runtime {

// How a quota or a budget stands.
struct QuotaFigure {
  std::string account;
  std::string region, model, route;  // of a quota: "us-east-1", the foundation model's id, "on_demand"
  std::string code;                  // of a quota, in Service Quotas
  std::string budget, tenant;        // of a budget
  Unit unit = Unit::tokens;
  Period period = Period::minute;
  double limit = 0, available = 0;  // negative in debt
  double in_flight = 0;             // what requests under way hold of it
  double used_per_second = 0;       // lately
  double refill_per_second = 0;     // 0: it comes back at once, at whole_at
  Instant whole_at;
};

class Quotas final : public QuotaUsageSource {
  struct Taken;

 public:
  // What a request may use. Tokens: of the input as it was counted before, cached or not, and the most the answer may have.
  struct Demand {
    int64_t input_tokens = 0;
    int64_t output_tokens_max = 0;
    inference::ServiceTier tier = inference::ServiceTier::standard;
  };

  // What one request has taken. Given back when it goes without having been settled: nothing was generated. Thread-safe.
  class Reservation {
   public:
    Reservation(Quotas& quotas, std::list<Taken>::iterator taken) : quotas_(&quotas), taken_(taken) {}
    Reservation(Reservation&& other) noexcept : quotas_(std::exchange(other.quotas_, nullptr)), taken_(other.taken_) {}
    ~Reservation();

    // While an answer streams: what it has put out so far. Takes more where less was reserved.
    void follow(int64_t output_tokens);
    // Once, also for answers that were broken off. Tells what is left then in `headers`, where they are given.
    void settle(const inference::Usage& usage, net::Headers* headers = nullptr);
    // What is left while the answer is under way.
    void tell_remaining(net::Headers& headers) const;

   private:
    Quotas* quotas_;  // null once it was settled
    std::list<Taken>::iterator taken_;
  };

  // What is passed must outlive them.
  Quotas(QuotaBook& book, const Clock& clock, Metrics& metrics, BudgetOptions budgets = {});
  ~Quotas() override;  // after every reservation

  // Thread-safe. Adds to the call's answer headers what a refused request should know. Faults: ThrottlingException 429, and nothing is
  // taken; ValidationException 400 for a wait that is not one; ServiceUnavailableException 503 when the server ends meanwhile; those of
  // Budgets::membership.
  Task<Result<Reservation>> reserve(Call& call, const ModelTarget& target, Demand demand);

  // Of everything that has been used so far. Thread-safe.
  std::vector<QuotaFigure> figures();
  std::vector<QuotaUsage> quota_usage(const std::optional<std::string>& account) override;

  // Reads what budgets were used before, and stores what they are used from now on.
  Task<Result<void>> start(World& world);
  // When no call is under way any more.
  Task<void> stop();
  // What applies has changed: who waits may have a turn. Thread-safe.
  void limits_changed();
  // An account's use, or everybody's, is forgotten, on disk too.
  Task<Result<void>> forget(const std::optional<std::string>& account);

 private:
  struct Buckets;
  struct Seat;
  enum class Wake { look, admitted, ended };

  Result<Taken> demanded(const Call& call, const ModelTarget& target, const Demand& demand);
  Buckets& buckets_of(const Call& call, const ModelTarget& target);
  const Meter* take_at_once(const Taken& taken, size_t rank, Instant now);
  Reservation under_way(Taken taken, Instant now);
  std::unexpected<Fault> refuse(Call& call, const Seat& seat, Instant now);
  Task<Result<Reservation>> wait(Call& call, Seat& seat, Instant give_up_at);
  std::optional<Result<Reservation>> look(Call& call, Seat& seat, Wake wake, Instant give_up_at);
  void admit_waiting(Instant now);
  Instant turn_of(const Waiter& waiter, Instant now);
  Instant available_at(Meter& meter, double amount, Instant now);
  void follow(Taken& taken, int64_t output_tokens);
  void settle(Taken& taken, const inference::Usage& usage, Instant now);
  void give_back(Taken& taken);
  bool end(std::list<Taken>::iterator taken, Instant now);

  QuotaBook& book_;
  const Clock& clock_;
  std::mutex mutex_;                                                      // over everything below and every meter
  std::map<std::string, std::unique_ptr<Buckets>, std::less<>> buckets_;  // never removed: bounded by accounts, Regions and models
  Budgets budgets_;
  std::list<Taken> taken_;  // by requests under way
  WaitingRoom room_;
  std::unique_ptr<BudgetStore> store_;  // null before start()
  LatencyHistogram& waited_;
  Counter &admitted_, &expired_, &gone_;
};

}  // namespace outcrop::bedrock_runtime
