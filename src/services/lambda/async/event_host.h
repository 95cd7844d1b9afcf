// What a queue of events asks of the service: it keeps events and says when they are tried, the service tries them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/task.h"
#include "base/time.h"
#include "gen/records/lambda.h"
#include "services/lambda/async/keys.h"

namespace outcrop::lambda {

// What becomes of an event that was tried.
struct Verdict {
  enum class Kind {
    over,    // it is forgotten
    again,   // it is tried again at `due`
    unknown  // the server ends meanwhile: it stays as it was and is tried again by the next one
  };
  Kind kind = Kind::over;
  Instant due = {};
  bool is_refused = false;  // for want of concurrency: fewer at a time
};

class EventHost {
 public:
  virtual ~EventHost() = default;

  // Detaches; not once the service stops.
  virtual void spawn(Task<void> work) = 0;
  // How many events of the function may be tried at a time; none: as many as there is room for. Fast.
  virtual Task<std::optional<uint32_t>> concurrency_of(const EventQueueName& name, const AsyncEventRecord& event) = 0;
  // Tries the event, whose payload is whole, and counts in it how often that was done.
  virtual Task<Verdict> attempt(const EventQueueName& name, AsyncEventRecord& event) = 0;
};

}  // namespace outcrop::lambda
