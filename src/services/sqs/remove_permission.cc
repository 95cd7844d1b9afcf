#include "gen/sqs/remove_permission.h"

#include "services/sqs/configuration/permission.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Takes the statement of that label out of the queue's policy.
Task<Result<RemovePermissionOutput>> remove_permission(Sqs& sqs, Call& call, RemovePermissionInput input) {
  co_await sqs.with_queue(call, input.queue_url, [&](Queue& queue) -> Task<Result<void>> {
    QueueRecord record = queue.record();
    std::string policy = co_await without_permission(attribute_of(record.attributes, "Policy", false).value_or(""), input.label);
    if (policy.empty())
      record.attributes.erase("Policy");
    else
      record.attributes["Policy"] = std::move(policy);
    record.modified = queue.now();
    queue.configure(std::move(record));
    co_return co_await keep(queue.shard().committed());
  });
  co_return RemovePermissionOutput();
}

}  // namespace outcrop::sqs
