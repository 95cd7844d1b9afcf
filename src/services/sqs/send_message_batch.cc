#include "gen/sqs/send_message_batch.h"

#include "services/sqs/batch/batch.h"
#include "services/sqs/limits.h"
#include "services/sqs/message/message_input.h"
#include "services/sqs/queue/wording.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {
namespace {

struct BatchedMessage {
  std::string id;
  Result<PreparedMessage> prepared;
  Result<Sent> sent = fail({});
};

// Sends each message that fits; on a FIFO queue one without any deduplication id refuses the whole batch.
Result<void> send_all(Queue& queue, std::vector<BatchedMessage>& batch) {
  for (BatchedMessage& entry : batch)
    if (entry.prepared)
      if (auto checked = check_against(queue.settings(), *entry.prepared); !checked) return checked;
  Queue::Counting counting(queue);
  for (BatchedMessage& entry : batch) {
    if (!entry.prepared) continue;
    if (auto fits = check_size(queue.settings(), *entry.prepared, "cannot be validated"); !fits)
      entry.sent = fail(std::move(fits.error()));
    else
      entry.sent = queue.send(std::move(entry.prepared->message), entry.prepared->delay);
  }
  return {};
}

}  // namespace

// Puts up to ten messages on a queue; each succeeds or fails by itself.
Task<Result<SendMessageBatchOutput>> send_message_batch(Sqs& sqs, Call& call, SendMessageBatchInput input) {
  const QueueName name = co_await queue_name_of(call, input.queue_url);
  co_await check_batch(input.entries, "SendMessageBatchRequestEntry");
  std::vector<BatchedMessage> batch;
  size_t bytes = 0;
  for (SendMessageBatchRequestEntry& entry : input.entries) {
    batch.push_back({std::move(entry.id), prepare_message(call, name.is_fifo(), MessageInput::of(entry))});
    if (batch.back().prepared) bytes += batch.back().prepared->bytes;
  }
  if (bytes > limits::batch_bytes_max)
    co_return fail(batch_request_too_long(
        fmt::format("Batch requests cannot be longer than {} bytes. You have sent {} bytes.", limits::batch_bytes_max, bytes)));
  co_await sqs.with_queue(call, name, [&](Queue& queue) -> Task<Result<void>> {
    co_await send_all(queue, batch);
    co_return co_await keep(queue.shard().committed());
  });
  SendMessageBatchOutput output;
  for (BatchedMessage& entry : batch) {
    if (!entry.prepared || !entry.sent) {
      listed(output.failed).push_back(failed_entry(std::move(entry.id), entry.prepared ? entry.sent.error() : entry.prepared.error()));
      continue;
    }
    SendMessageBatchResultEntry& result = listed(output.successful).emplace_back();
    result.id = std::move(entry.id);
    result.message_id = std::move(entry.sent->message_id);
    result.md5_of_message_body = std::move(entry.prepared->body_md5);
    result.md5_of_message_attributes = std::move(entry.prepared->attributes_md5);
    result.md5_of_message_system_attributes = std::move(entry.prepared->system_attributes_md5);
    if (name.is_fifo()) result.sequence_number = sequence_number(entry.sent->sequence);
  }
  co_return output;
}

}  // namespace outcrop::sqs
