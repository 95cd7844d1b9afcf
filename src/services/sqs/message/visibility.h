// The check of a visibility timeout that a caller sets.
#pragma once
#include "base/result.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/wording.h"

namespace outcrop::sqs {

inline Result<Seconds> checked_visibility_timeout(int32_t seconds) {
  if (seconds < 0 || seconds > limits::visibility_timeout_s_max)
    return fail(
        invalid_value(seconds, "VisibilityTimeout", fmt::format("Must be >= 0 and <= {}, if provided.", limits::visibility_timeout_s_max)));
  return Seconds(seconds);
}

}  // namespace outcrop::sqs
