#include "gen/sqs/set_queue_attributes.h"

#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Changes attributes, all or none. The scope of deduplication takes a minute to change, as AWS's recordings show;
// everything else is in force at once.
Task<Result<SetQueueAttributesOutput>> set_queue_attributes(Sqs& sqs, Call& call, SetQueueAttributesInput input) {
  const QueueName name = co_await queue_name_of(call, input.queue_url);
  co_await sqs.check_redrive_target(name, input.attributes);
  co_await sqs.with_queue(call, name, [&](Queue& queue) -> Task<Result<void>> {
    QueueRecord record = queue.record();
    co_await change_attributes(name, record.attributes, input.attributes);
    record.modified = queue.now();
    auto scope = [&](const QueueRecord& of) { return attribute_of(of.attributes, "DeduplicationScope", true); };
    if (name.is_fifo() && scope(record) != scope(queue.record())) {
      record.earlier_deduplication_scope = scope(queue.record());
      record.deduplication_scope_changed = record.modified;
    }
    queue.configure(std::move(record));
    co_return co_await keep(queue.shard().committed());
  });
  co_return SetQueueAttributesOutput();
}

}  // namespace outcrop::sqs
