#include "services/bedrock-runtime/quota/recent_use.h"

#include <algorithm>
#include <cmath>

#include "services/bedrock-runtime/limits.h"

namespace outcrop::bedrock_runtime {

namespace {

double weight(Milliseconds ago) {
  if (ago == Milliseconds(0)) return 1;  // mostly: many requests come in a millisecond
  return std::exp(-std::chrono::duration<double>(ago) / std::chrono::duration<double>(limits::usage_memory));
}

}  // namespace

void RecentUse::add(Instant used_at, double amount) {
  fade(used_at);
  per_second_ += amount / std::chrono::duration<double>(limits::usage_memory).count() * weight(faded_at_ - used_at);
}

double RecentUse::per_second(Instant now) {
  fade(now);
  return std::max(0.0, per_second_);
}

void RecentUse::fade(Instant now) {
  if (now <= faded_at_) return;
  per_second_ *= weight(now - faded_at_);
  faded_at_ = now;
}

}  // namespace outcrop::bedrock_runtime
