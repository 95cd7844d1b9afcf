// The event in which a function gets messages of a queue, as AWS writes it.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "gen/sqs/types.h"

namespace outcrop::lambda {

// One message on its way to the function and out of the queue.
struct QueueRecord {
  std::string message_id, receipt_handle;
  std::string json;  // of "Records"
};

// What does not differ between the messages of a mapping.
struct RecordFrame {
  std::string_view source_arn, region;
  bool is_windowed = false;  // AWS's pollers with a batching window write "md5OfMessageAttributes": null, the others leave it out
};

QueueRecord queue_record(const sqs::Message& message, const RecordFrame& frame);

// {"Records": [...]} of records from the first on, as many as fit into limits::event_bytes_max, one at least.
size_t records_that_fit(std::span<const QueueRecord> records);
std::string event_of(std::span<const QueueRecord> records);

}  // namespace outcrop::lambda
