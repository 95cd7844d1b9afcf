#include "services/bedrock-runtime/quota/meter.h"

#include <cmath>

#include "base/check.h"

namespace outcrop::bedrock_runtime {

namespace {

double seconds_of(Period period) {
  check(period != Period::month, "no bucket refills in a month: months are windows");
  return period == Period::minute ? 60 : 24 * 60 * 60;
}

}  // namespace

std::string_view word_of(Unit unit) {
  switch (unit) {
    case Unit::requests:
      return "requests";
    case Unit::tokens:
      return "tokens";
    case Unit::usd:
      return "usd";
  }
  check(false, "a unit without a word");
  return {};
}

std::string_view word_of(Period period) {
  switch (period) {
    case Period::minute:
      return "minute";
    case Period::day:
      return "day";
    case Period::month:
      return "month";
  }
  check(false, "a period without a word");
  return {};
}

Unit Meter::unit() const {
  if (counts == Counts::requests) return Unit::requests;
  return counts == Counts::usd ? Unit::usd : Unit::tokens;
}

BucketMeter::BucketMeter(Counts counts, Period period, double limit, std::string refusal)
    : Meter(counts, period, limit, std::move(refusal)), bucket_(limit / seconds_of(period), limit) {}

BucketMeter::BucketMeter(Counts counts, Period period, QuotaBook::Applied applied, double factor, std::string refusal)
    : BucketMeter(counts, period, applied.value() * factor, std::move(refusal)) {
  applied_ = applied;
  factor_ = factor;
}

bool BucketMeter::take(Instant now, double amount) {
  follow_limit(now);
  if (bucket_.take(now, amount) != TokenBucket::Nanoseconds::zero()) return false;
  recent_.add(now, amount);
  return true;
}

void BucketMeter::correct(Instant taken_at, double amount) {
  if (amount == 0) return;
  bucket_.settle(amount);
  recent_.add(taken_at, -amount);
}

double BucketMeter::available(Instant now) {
  follow_limit(now);
  return bucket_.available(now);
}

Instant BucketMeter::available_at(Instant now, double amount) {
  const double lacking = amount - available(now);
  if (lacking <= 0) return now;
  return now + Milliseconds(int64_t(std::ceil(lacking / refill_per_second() * 1000)));
}

double BucketMeter::refill_per_second() const { return limit() / seconds_of(period); }

void BucketMeter::refill() {
  bucket_.refill();
  recent_.forget();
}

void BucketMeter::follow_limit(Instant now) {
  if (limit() == limit_) return;
  limit_ = limit();
  bucket_.change(now, limit_ / seconds_of(period), limit_);
}

Window window_of(Period period, Instant at) {
  check(period != Period::minute, "minutes are buckets");
  using namespace std::chrono;
  const sys_days day = floor<days>(at);
  if (period == Period::day) return {day, day + days(1)};
  const year_month_day date(day);
  const year_month month = date.year() / date.month();
  return {sys_days(month / 1), sys_days((month + months(1)) / 1)};
}

// The first window begins with the first use.
WindowMeter::WindowMeter(Counts counts, Period period, double limit, std::string refusal)
    : Meter(counts, period, limit, std::move(refusal)), begin_(Instant::min()), end_(Instant::min()) {}

void WindowMeter::renew(Instant now) {
  if (now < end_) return;
  const Window window = window_of(period, now);
  begin_ = window.begin;
  end_ = window.end;
  used_ = charged_ = 0;
}

void WindowMeter::restore(const Use& use) {
  const Window window = window_of(period, use.begin);
  begin_ = window.begin;
  end_ = window.end;
  used_ = charged_ = use.amount;
}

bool WindowMeter::take(Instant now, double amount) {
  renew(now);
  if (used_ + amount > limit_) return false;
  used_ += amount;
  recent_.add(now, amount);
  return true;
}

void WindowMeter::correct(Instant taken_at, double amount) {
  if (is_of_now(taken_at)) used_ -= amount;
  recent_.add(taken_at, -amount);
}

void WindowMeter::settle(Instant taken_at, double held, double charged) {
  correct(taken_at, held - charged);
  if (!is_of_now(taken_at) || charged == 0) return;
  charged_ += charged;
  is_changed_ = true;
}

double WindowMeter::available(Instant now) {
  renew(now);
  return limit_ - used_;
}

Instant WindowMeter::available_at(Instant now, double amount) {
  renew(now);
  Instant at = now;
  for (double there = limit_ - used_; there < amount; there += limit_) {
    at = window_of(period, at).end;
    if (at - now > std::chrono::years(1)) return Instant::max();
  }
  return at;
}

}  // namespace outcrop::bedrock_runtime
