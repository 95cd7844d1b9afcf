#include "gen/sqs/untag_queue.h"

#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Takes tags away; keys the queue does not have are fine.
Task<Result<UntagQueueOutput>> untag_queue(Sqs& sqs, Call& call, UntagQueueInput input) {
  co_await sqs.with_queue(call, input.queue_url, [&](Queue& queue) -> Task<Result<void>> {
    QueueRecord record = queue.record();
    for (const std::string& key : input.tag_keys) record.tags.erase(key);
    queue.configure(std::move(record));
    co_return co_await keep(queue.shard().committed());
  });
  co_return UntagQueueOutput();
}

}  // namespace outcrop::sqs
