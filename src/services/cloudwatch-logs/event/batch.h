// Batches of events: what PutLogEvents takes, and which of a batch a group accepts.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "core/log_sink.h"
#include "gen/cloudwatch-logs/types.h"
#include "services/cloudwatch-logs/group/shard_logs.h"

namespace outcrop::cloudwatch_logs {

// Fault: InvalidParameterException 400 when the batch is too large or out of order.
Result<std::vector<NewEvent>> events_of(std::vector<InputLogEvent> input);

// Of a batch in the order of time, first <= i < end is accepted; what precedes is too old, what follows too new.
struct Accepted {
  size_t first = 0, end = 0;
  RejectedLogEventsInfo rejected;

  std::span<const NewEvent> of(const std::vector<NewEvent>& batch) const { return std::span(batch).subspan(first, end - first); }
};
Accepted accept(const std::vector<NewEvent>& batch, const GroupRecord& group, Instant now);

// Fault: InvalidParameterException 400 when what is accepted spans more than a day.
Result<void> check_span(const std::vector<NewEvent>& batch, const Accepted& accepted);

// Lines as batches that keep to every limit.
std::vector<std::vector<NewEvent>> batches_of(std::vector<LogSink::Line> lines);

}  // namespace outcrop::cloudwatch_logs
