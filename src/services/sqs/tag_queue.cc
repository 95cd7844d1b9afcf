#include "gen/sqs/tag_queue.h"

#include "services/sqs/configuration/tags.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Adds tags to a queue; a key it has already gets the new value.
Task<Result<TagQueueOutput>> tag_queue(Sqs& sqs, Call& call, TagQueueInput input) {
  co_await sqs.with_queue(call, input.queue_url, [&](Queue& queue) -> Task<Result<void>> {
    QueueRecord record = queue.record();
    for (auto& [key, value] : input.tags) record.tags[key] = value;
    co_await check_tags(queue.name(), record.tags);
    queue.configure(std::move(record));
    co_return co_await keep(queue.shard().committed());
  });
  co_return TagQueueOutput();
}

}  // namespace outcrop::sqs
