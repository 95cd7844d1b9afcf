// What an API's tags make of its connections, beyond AWS:
//   outcrop:idle-timeout-seconds   another idle time-out than AWS's 10 minutes
//   outcrop:slow-consumer=close    who takes too little of what is posted to it is closed, and not only its posters refused
#pragma once
#include "gateway/connection/limits.h"
#include "gen/records/gateway.h"

namespace outcrop::gateway {

struct ConnectionSettings {
  static constexpr const char* idle_timeout_tag = "outcrop:idle-timeout-seconds";
  static constexpr const char* slow_consumer_tag = "outcrop:slow-consumer";

  Seconds idle_timeout = limits::idle_timeout;
  bool closes_slow_consumer = false;

  // A tag that says nothing usable is as if it were not there, and the log tells.
  static ConnectionSettings of(const ApiRecord& api);
};

}  // namespace outcrop::gateway
