#include "gen/sqs/change_message_visibility_batch.h"

#include "services/sqs/batch/batch.h"
#include "services/sqs/message/visibility.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {
namespace {

Task<Result<void>> change_one(Sqs& sqs, Queue& queue, const ChangeMessageVisibilityBatchRequestEntry& entry) {
  const Seconds timeout = co_await checked_visibility_timeout(entry.visibility_timeout.value_or(0));
  co_return co_await keep(queue.change_visibility(co_await sqs.receipt_of(queue, entry.receipt_handle), entry.receipt_handle, timeout));
}

}  // namespace

// Changes the visibility of up to ten messages; each succeeds or fails by itself.
Task<Result<ChangeMessageVisibilityBatchOutput>> change_message_visibility_batch(Sqs& sqs, Call& call,
                                                                                 ChangeMessageVisibilityBatchInput input) {
  co_await check_batch(input.entries, "ChangeMessageVisibilityBatchRequestEntry");
  ChangeMessageVisibilityBatchOutput output;
  co_await sqs.with_queue(call, input.queue_url, [&](Queue& queue) -> Task<Result<void>> {
    for (ChangeMessageVisibilityBatchRequestEntry& entry : input.entries) {
      if (auto changed = co_await keep(change_one(sqs, queue, entry)); changed)
        listed(output.successful).push_back({.id = std::move(entry.id)});
      else
        listed(output.failed).push_back(failed_entry(std::move(entry.id), changed.error()));
    }
    co_return co_await keep(queue.shard().committed());
  });
  co_return output;
}

}  // namespace outcrop::sqs
