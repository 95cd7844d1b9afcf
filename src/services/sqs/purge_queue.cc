#include "gen/sqs/purge_queue.h"

#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Deletes all messages of a queue, at once; AWS takes up to a minute.
Task<Result<PurgeQueueOutput>> purge_queue(Sqs& sqs, Call& call, PurgeQueueInput input) {
  co_await sqs.with_queue(call, input.queue_url, [&](Queue& queue) -> Task<Result<void>> {
    co_await queue.purge();
    co_return co_await keep(queue.shard().committed());
  });
  co_return PurgeQueueOutput();
}

}  // namespace outcrop::sqs
