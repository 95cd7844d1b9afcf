#include "gen/sqs/create_queue.h"

#include "base/encoding.h"
#include "services/sqs/configuration/tags.h"
#include "services/sqs/queue/wording.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {
namespace {

// A name that ends in ".fifo" and the attribute FifoQueue come together.
Result<void> check_queue_name(const std::string& name, const Attributes& attributes) {
  const std::string* fifo = attributes.find("FifoQueue");
  if (fifo && ascii_lower(*fifo) == "true") {
    if (is_queue_name(name, true)) return {};
    return fail(
        invalid_parameter("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo "
                          "suffix and be 1 to 80 in length."));
  }
  if (is_queue_name(name, false)) return {};
  return fail(invalid_parameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"));
}

}  // namespace

// Makes a queue, or gives the URL of the one that exists with the same attributes.
Task<Result<CreateQueueOutput>> create_queue(Sqs& sqs, Call& call, CreateQueueInput input) {
  const Attributes attributes = input.attributes ? std::move(*input.attributes) : Attributes();
  const wire::Map<std::string> tags = input.tags ? std::move(*input.tags) : wire::Map<std::string>();
  co_await check_queue_name(input.queue_name, attributes);
  const QueueName name{call.account(), call.region, std::move(input.queue_name)};
  co_await attributes_to_create(name, attributes);
  co_await check_tags(name, tags);
  co_await sqs.check_redrive_target(name, attributes);
  co_await Shards::call(sqs.shard_of(name), [&](Shard& shard) -> Task<Result<void>> {
    auto queues = shard.memory<ShardQueues>();
    co_await queues->create(sqs, name, attributes, tags);
    co_return co_await keep(shard.committed());
  });
  co_return CreateQueueOutput{.queue_url = name.url(call.endpoint)};
}

}  // namespace outcrop::sqs
