#include "gen/sqs/change_message_visibility.h"

#include "services/sqs/message/visibility.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Lets a message in flight become visible again so many seconds from now; at once with zero.
Task<Result<ChangeMessageVisibilityOutput>> change_message_visibility(Sqs& sqs, Call& call, ChangeMessageVisibilityInput input) {
  const Seconds timeout = co_await checked_visibility_timeout(input.visibility_timeout);
  co_await sqs.with_queue(call, input.queue_url, [&](Queue& queue) -> Task<Result<void>> {
    co_await queue.change_visibility(co_await sqs.receipt_of(queue, input.receipt_handle), input.receipt_handle, timeout);
    co_return co_await keep(queue.shard().committed());
  });
  co_return ChangeMessageVisibilityOutput();
}

}  // namespace outcrop::sqs
