#include "gen/sqs/delete_queue.h"

#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Deletes a queue with all its messages; its name rests for a minute.
Task<Result<DeleteQueueOutput>> delete_queue(Sqs& sqs, Call& call, DeleteQueueInput input) {
  co_await sqs.with_queue(call, input.queue_url, [&](Queue& queue) -> Task<Result<void>> {
    Shard& shard = queue.shard();
    shard.memory<ShardQueues>()->remove(queue);
    co_return co_await keep(shard.committed());
  });
  co_return DeleteQueueOutput();
}

}  // namespace outcrop::sqs
