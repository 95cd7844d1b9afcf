// A delivered message as its receiver asked to see it.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "gen/sqs/types.h"
#include "services/sqs/queue/queue.h"

namespace outcrop::sqs {

struct AskedAttributes {
  std::vector<std::string> system;   // MessageSystemAttributeNames and the older AttributeNames
  std::vector<std::string> message;  // MessageAttributeNames
};

// Faults with InvalidAttributeName when a system attribute is none.
Result<void> check_asked(const AskedAttributes& asked);

Message shown_message(Delivery delivery, std::string receipt_handle, const AskedAttributes& asked, bool fifo);

}  // namespace outcrop::sqs
