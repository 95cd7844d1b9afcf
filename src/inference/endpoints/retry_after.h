// Retry-After (RFC 9110 section 10.2.3): how long a server wants to be left alone.
#pragma once
#include <string_view>

#include "base/time.h"

namespace outcrop::inference {

// Seconds, or an HTTP date in the form that is sent (IMF-fixdate, RFC 9110 section 5.6.7) seen from `now`. Nothing where it says nothing,
// makes no sense or has passed; at most limits::retry_after_max.
Milliseconds retry_after_of(std::string_view value, Instant now);

}  // namespace outcrop::inference
