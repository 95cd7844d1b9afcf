// Guards: who is let through to a route, and who hears of it afterwards: authorizers, IAM, throttles, keys; metrics and access logs.
#pragma once
#include <string>

#include "base/task.h"
#include "gateway/event/route_event.h"

namespace outcrop::gateway {

// Thread-safe.
class Guards {
 public:
  virtual ~Guards() = default;

  // A connection that is being opened, by the $connect route (null: the API has none, and everybody may): throttles first, then who the
  // client is. Adds authorizer and identity to `connection`'s record, and to the event what became of it. Faults have the status and the
  // words of AWS, and the response type as their code ("UNAUTHORIZED"); the event has them too, and is to be recorded. After success
  // release() is owed.
  virtual Task<Result<void>> admit_connection(RouteEvent& event, const DeployedApi::Route* route, ConnectionContext& connection) = 0;

  // A message, once its route is selected. Faults: THROTTLED and QUOTA_EXCEEDED 429, which the event has too.
  virtual Result<void> admit_message(RouteEvent& event, const DeployedApi::Route& route, size_t bytes) = 0;

  // A message that is posted to a connection (@connections), which counts as one of its API. Fault: LimitExceededException 429.
  virtual Result<void> admit_post(const ConnectionContext& connection) = 0;

  // A connection that was admitted is no more, or was refused by its integration. May be told more than once.
  virtual void release(const ConnectionContext& connection) = 0;

  // The event is over: counts and logs it.
  virtual void record(const RouteEvent& event) = 0;
};

}  // namespace outcrop::gateway
