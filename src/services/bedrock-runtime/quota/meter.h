// Meter: one limit that requests take from. A bucket refills steadily, as Bedrock's quotas do; a window is a calendar day or month of a
// budget, which begins anew with the next. Time is the wall clock's: advancing a manual clock refills and renews them.
//
// Meters know no locks: Quotas, which has them all, guards them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "core/quota_book.h"
#include "core/token_bucket.h"
#include "services/bedrock-runtime/quota/recent_use.h"

namespace outcrop::bedrock_runtime {

enum class Unit { requests, tokens, usd };
enum class Period { minute, day, month };

std::string_view word_of(Unit unit);      // "requests"
std::string_view word_of(Period period);  // "minute"

class Meter {
 public:
  // What a share of it is counted in: a quota counts an answer's tokens by the burn-down rate of its model, a budget as they are.
  enum class Counts { requests, quota_tokens, tokens, usd };

  Meter(Counts counts, Period period, double limit, std::string refusal)
      : counts(counts), period(period), refusal(std::move(refusal)), limit_(limit) {}
  virtual ~Meter() = default;

  // False, and nothing is taken, when so much is not there.
  virtual bool take(Instant now, double amount) = 0;
  // Of what was taken at `taken_at`: positive gives back, negative takes more, into debt where it must.
  virtual void correct(Instant taken_at, double amount) = 0;
  // Once, at the end of what took `held`: it is charged `charged` instead.
  virtual void settle(Instant taken_at, double held, double charged) { correct(taken_at, held - charged); }
  // What could be taken now; negative in debt.
  virtual double available(Instant now) = 0;
  // When `amount` will have come back by itself, however large: it stands for many requests. Not before `now`.
  virtual Instant available_at(Instant now, double amount) = 0;
  // When all of it will be there again.
  Instant whole_at(Instant now) { return available_at(now, limit_); }

  virtual double limit() const { return limit_; }
  // At which it comes back by itself; 0 for a window, which comes back at once.
  virtual double refill_per_second() const { return 0; }
  double used_per_second(Instant now) { return recent_.per_second(now); }
  Unit unit() const;

  const Counts counts;
  const Period period;
  const std::string refusal;  // what a refused request is told

 protected:
  double limit_;
  RecentUse recent_;
};

// A quota's bucket holds what applies of it at the moment: more lets the next request pass, and what was taken before stays taken.
class BucketMeter final : public Meter {
 public:
  BucketMeter(Counts counts, Period period, double limit, std::string refusal);
  // What applies, times the factor, is above zero.
  BucketMeter(Counts counts, Period period, QuotaBook::Applied applied, double factor, std::string refusal);

  bool take(Instant now, double amount) override;
  void correct(Instant taken_at, double amount) override;
  double available(Instant now) override;
  Instant available_at(Instant now, double amount) override;
  double limit() const override { return applied_ ? applied_->value() * factor_ : limit_; }
  double refill_per_second() const override;
  // Whole, whatever was taken.
  void refill();

 private:
  void follow_limit(Instant now);

  std::optional<QuotaBook::Applied> applied_;
  double factor_ = 1;
  TokenBucket bucket_;  // of limit_
};

// In UTC. What is taken in one window is settled there: a window that has begun meanwhile is not charged.
class WindowMeter final : public Meter {
 public:
  WindowMeter(Counts counts, Period period, double limit, std::string refusal);

  bool take(Instant now, double amount) override;
  void correct(Instant taken_at, double amount) override;
  void settle(Instant taken_at, double held, double charged) override;
  double available(Instant now) override;
  Instant available_at(Instant now, double amount) override;

  // What requests that have ended were charged in the window that began then. It survives a restart, what requests under way hold
  // does not.
  struct Use {
    Instant begin;
    double amount = 0;
  };
  Use use() const { return {begin_, charged_}; }
  // Whether that is another than when it was asked for last.
  bool take_change() { return std::exchange(is_changed_, false); }
  void restore(const Use& use);

 private:
  void renew(Instant now);

  bool is_of_now(Instant at) const { return at >= begin_ && at < end_; }

  Instant begin_, end_;
  double used_ = 0;     // charged and held
  double charged_ = 0;  // to requests that have ended
  bool is_changed_ = false;
};

// The window of a period that holds `at`: of a day or a month.
struct Window {
  Instant begin, end;
};
Window window_of(Period period, Instant at);

}  // namespace outcrop::bedrock_runtime
