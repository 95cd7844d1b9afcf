// Bedrock's quotas of on-demand inference: requests a minute, tokens a minute, tokens a day, of an account in a Region for a model
// (Bedrock User Guide, "How tokens are counted in Amazon Bedrock"). A request takes its input and the most it may put out when it begins;
// when it ends it is charged its input, what it wrote to the prompt cache, and its output times the model's burn-down rate, and what
// it took beyond that is given back. What it read from the cache is never charged.
//
// Each quota is a token bucket that holds one period's worth. Time is the wall clock's: advancing a manual clock refills them.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/call.h"
#include "core/token_bucket.h"
#include "inference/conversation.h"
#include "services/bedrock-runtime/model/model_target.h"

namespace outcrop::bedrock_runtime {

class Quotas {
  struct Buckets;

 public:
  // What one request has taken. Given back whole when it goes without having been settled: nothing was generated.
  class Reservation {
   public:
    Reservation(Buckets& buckets, double tokens, double output_burndown)
        : buckets_(&buckets), tokens_(tokens), output_burndown_(output_burndown) {}
    Reservation(Reservation&& other) noexcept
        : buckets_(std::exchange(other.buckets_, nullptr)), tokens_(other.tokens_), output_burndown_(other.output_burndown_) {}
    ~Reservation() { give_back(0); }

    // Once, also for answers that were broken off.
    void settle(const inference::Usage& usage);

   private:
    void give_back(double charged);

    Buckets* buckets_;
    double tokens_;
    double output_burndown_;
  };

  Quotas();
  ~Quotas();

  // Thread-safe. Tokens: of the input as it was counted before, and the most the answer may have. Fault: ThrottlingException 429,
  // and nothing is taken.
  Result<Reservation> reserve(const Call& call, const ModelTarget& target, int64_t input_tokens, int64_t output_tokens_max);

 private:
  Buckets& buckets_of(const Call& call, const ModelTarget& target);

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Buckets>, std::less<>> buckets_;  // never removed: bounded by accounts, Regions and models
};

}  // namespace outcrop::bedrock_runtime
