#include "gen/sqs/delete_message_batch.h"

#include "services/sqs/batch/batch.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Deletes up to ten messages; each succeeds or fails by itself.
Task<Result<DeleteMessageBatchOutput>> delete_message_batch(Sqs& sqs, Call& call, DeleteMessageBatchInput input) {
  co_await check_batch(input.entries, "DeleteMessageBatchRequestEntry");
  DeleteMessageBatchOutput output;
  co_await sqs.with_queue(call, input.queue_url, [&](Queue& queue) -> Task<Result<void>> {
    for (DeleteMessageBatchRequestEntry& entry : input.entries) {
      auto receipt = sqs.receipt_of(queue, entry.receipt_handle);
      auto removed = receipt ? co_await keep(queue.remove(*receipt, entry.receipt_handle)) : Result<void>(fail(receipt.error()));
      if (removed)
        listed(output.successful).push_back({.id = std::move(entry.id)});
      else
        listed(output.failed).push_back(failed_entry(std::move(entry.id), removed.error()));
    }
    co_return co_await keep(queue.shard().committed());
  });
  co_return output;
}

}  // namespace outcrop::sqs
