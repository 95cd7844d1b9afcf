// Handles of message move tasks, and the queue that an operation on tasks names by its ARN.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/call.h"
#include "services/sqs/queue/queue_name.h"

namespace outcrop::sqs {

struct TaskHandle {
  std::string task_id;
  std::string source_arn;
};

// Base64 of {"taskId":…,"sourceArn":…}, as AWS's are.
std::string write_task_handle(const TaskHandle& handle);
std::optional<TaskHandle> read_task_handle(std::string_view text);

// The caller's queue of that ARN. `parameter`: "SourceArn" or "DestinationArn", for the fault.
Result<QueueName> queue_of_arn(const Call& call, const std::string& arn, std::string_view parameter);
Fault no_such_resource(std::string_view parameter);

}  // namespace outcrop::sqs
