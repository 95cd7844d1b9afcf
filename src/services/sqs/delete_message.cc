#include "gen/sqs/delete_message.h"

#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Deletes a received message for good; of one that is gone already, success.
Task<Result<DeleteMessageOutput>> delete_message(Sqs& sqs, Call& call, DeleteMessageInput input) {
  co_await sqs.with_queue(call, input.queue_url, [&](Queue& queue) -> Task<Result<void>> {
    co_await queue.remove(co_await sqs.receipt_of(queue, input.receipt_handle), input.receipt_handle);
    co_return co_await keep(queue.shard().committed());
  });
  co_return DeleteMessageOutput();
}

}  // namespace outcrop::sqs
