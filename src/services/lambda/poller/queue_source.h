// QueueSource: what a poller asks of a queue; EventFunction: what it asks of a function. Interfaces, so that tests have queues and
// functions whose misfortunes they choose.
#pragma once
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "base/time.h"
#include "gen/sqs/types.h"

namespace outcrop::lambda {

// Of one thread.
class QueueSource {
 public:
  virtual ~QueueSource() = default;

  // Whose permissions count from now on: a role's ARN.
  virtual void act_as(std::string_view role) = 0;

  // At most `count` messages, 1 to 10, with all their attributes. Waits up to `wait` for the first: none when there came none or a stop
  // was requested. Faults as ReceiveMessage.
  virtual Task<Result<std::vector<sqs::Message>>> receive(int32_t count, Seconds wait, std::stop_token stop) = 0;

  // Faults as GetQueueAttributes.
  virtual Task<Result<Seconds>> visibility_timeout() = 0;

  // Deletes as many messages as can be deleted; the others come back.
  virtual Task<void> remove(std::vector<std::string> receipt_handles) = 0;
};

class EventFunction {
 public:
  struct Settings {
    std::string role;
    std::optional<uint32_t> reserved_concurrency;
  };
  struct Answer {
    bool is_error = false;  // of the function
    std::string payload;
  };

  virtual ~EventFunction() = default;

  // As they are now. ResourceNotFoundException 404.
  virtual Task<Result<Settings>> settings() = 0;
  // Faults as Invoke, among them TooManyRequestsException 429.
  virtual Task<Result<Answer>> invoke(std::string event) = 0;
};

}  // namespace outcrop::lambda
