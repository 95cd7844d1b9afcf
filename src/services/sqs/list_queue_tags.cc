#include "gen/sqs/list_queue_tags.h"

#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// The tags of a queue.
Task<Result<ListQueueTagsOutput>> list_queue_tags(Sqs& sqs, Call& call, ListQueueTagsInput input) {
  auto tags = co_await sqs.with_queue(call, input.queue_url,
                                      [](Queue& queue) -> Task<Result<wire::Map<std::string>>> { co_return queue.record().tags; });
  ListQueueTagsOutput output;
  if (!tags.empty()) output.tags = std::move(tags);
  co_return output;
}

}  // namespace outcrop::sqs
