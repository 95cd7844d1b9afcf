#include "services/cloudwatch-logs/event/batch.h"

#include <algorithm>
#include <numeric>

#include "services/cloudwatch-logs/group/erasing.h"
#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"

namespace outcrop::cloudwatch_logs {
namespace {

size_t bytes_of(std::string_view message) { return message.size() + limits::event_overhead_bytes; }

size_t index_of(const std::vector<NewEvent>& batch, Instant at) {
  return size_t(std::ranges::lower_bound(batch, at, {}, &NewEvent::at) - batch.begin());
}

// Cuts between characters, never within one.
void cut(std::string& text, size_t bytes) {
  if (text.size() <= bytes) return;
  while (bytes > 0 && (uint8_t(text[bytes]) & 0xC0) == 0x80) --bytes;
  text.resize(bytes);
}

// What is of one instant stays in its order.
std::vector<size_t> in_order_of_time(const std::vector<LogSink::Line>& lines) {
  std::vector<size_t> order(lines.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::ranges::sort(order, {}, [&](size_t index) { return std::pair(lines[index].at, index); });
  return order;
}

}  // namespace

Result<std::vector<NewEvent>> events_of(std::vector<InputLogEvent> input) {
  std::vector<NewEvent> batch;
  batch.reserve(input.size());
  size_t bytes = 0;
  for (InputLogEvent& event : input) {
    const Instant at = instant_from_ms(event.timestamp);
    if (!batch.empty() && at < batch.back().at)
      return fail(invalid("Log events in a single PutLogEvents request must be in chronological order."));
    const size_t size = bytes_of(event.message);
    if (size > limits::event_bytes_max)
      return fail(invalid(fmt::format("Log event too large: {} bytes exceeds limit of {}", size, limits::event_bytes_max)));
    bytes += size;
    batch.push_back({at, std::move(event.message)});
  }
  if (bytes > limits::batch_bytes_max)
    return fail(invalid(fmt::format("Upload too large: {} bytes exceeds limit of {}", bytes, limits::batch_bytes_max)));
  return batch;
}

Accepted accept(const std::vector<NewEvent>& batch, const GroupRecord& group, Instant now) {
  const size_t expired = index_of(batch, instant_from_ms(kept_from_ms(group, now)));
  const size_t too_old = index_of(batch, now - limits::past_max);
  const size_t too_new = index_of(batch, now + limits::future_max + Milliseconds(1));
  Accepted accepted{.first = std::max(expired, too_old), .end = too_new};
  accepted.end = std::max(accepted.first, accepted.end);
  if (expired > 0) accepted.rejected.expired_log_event_end_index = int32_t(expired);
  if (too_old > 0) accepted.rejected.too_old_log_event_end_index = int32_t(too_old);
  if (too_new < batch.size()) accepted.rejected.too_new_log_event_start_index = int32_t(too_new);
  return accepted;
}

Result<void> check_span(const std::vector<NewEvent>& batch, const Accepted& accepted) {
  if (accepted.first == accepted.end || batch[accepted.end - 1].at - batch[accepted.first].at <= limits::batch_span_max) return {};
  return fail(invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours."));
}

std::vector<std::vector<NewEvent>> batches_of(std::vector<LogSink::Line> lines) {
  std::vector<std::vector<NewEvent>> batches;
  size_t bytes = 0;
  for (const size_t index : in_order_of_time(lines)) {
    LogSink::Line& line = lines[index];
    if (line.text.empty()) continue;
    cut(line.text, limits::event_bytes_max - limits::event_overhead_bytes);
    bytes += bytes_of(line.text);
    if (batches.empty() || bytes > limits::batch_bytes_max || batches.back().size() == limits::batch_events_max) {
      batches.emplace_back();
      bytes = bytes_of(line.text);
    }
    batches.back().push_back({line.at, std::move(line.text)});
  }
  return batches;
}

}  // namespace outcrop::cloudwatch_logs
