// AddPermission and RemovePermission edit the queue's policy, one statement a label, as the document AWS writes.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/sqs/queue/queue_name.h"

namespace outcrop::sqs {

struct Permission {
  std::string label;
  std::vector<std::string> accounts;  // 12 digits each
  std::vector<std::string> actions;   // "SendMessage", or "*"
};

// Checks all but whether the label is taken.
Result<void> check_permission(const Permission& permission);
// The policy with the statement added; `policy` may be empty. Faults when the label is taken.
Result<std::string> with_permission(const QueueName& queue, std::string_view policy, const Permission& permission);
// The policy without the statement of that label, empty when it was the last. Faults when there is none.
Result<std::string> without_permission(std::string_view policy, std::string_view label);

}  // namespace outcrop::sqs
