// The rules of queue tags (SQS Developer Guide, "Amazon SQS cost allocation tags").
#pragma once
#include "base/result.h"
#include "services/sqs/queue/queue_name.h"
#include "wire/map.h"

namespace outcrop::sqs {

// All tags a queue is to have.
Result<void> check_tags(const QueueName& queue, const wire::Map<std::string>& tags);

}  // namespace outcrop::sqs
