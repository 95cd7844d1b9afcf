// The time of access logs, and of the events that functions get: "12/Mar/2020:19:03:58 +0000", the Common Log Format's.
#pragma once
#include <string>

#include "base/time.h"

namespace outcrop {

std::string log_time(Instant at);

}  // namespace outcrop
