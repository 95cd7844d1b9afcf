// RecentUse: how fast something is used at present. What was used t ago counts exp(-t / usage_memory), so that single requests make no
// leaps and what is over is forgotten.
#pragma once
#include "base/time.h"

namespace outcrop::bedrock_runtime {

class RecentUse {
 public:
  // Negative: of what was used then, so much was not.
  void add(Instant used_at, double amount);
  double per_second(Instant now);
  void forget() { per_second_ = 0; }

 private:
  void fade(Instant now);

  double per_second_ = 0;
  Instant faded_at_ = {};
};

}  // namespace outcrop::bedrock_runtime
