#include "gen/sqs/add_permission.h"

#include "services/sqs/configuration/permission.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Lets other accounts do some actions: a statement in the queue's policy, found again by its label.
Task<Result<AddPermissionOutput>> add_permission(Sqs& sqs, Call& call, AddPermissionInput input) {
  const Permission permission{std::move(input.label), std::move(input.aws_account_ids), std::move(input.actions)};
  co_await check_permission(permission);
  co_await sqs.with_queue(call, input.queue_url, [&](Queue& queue) -> Task<Result<void>> {
    QueueRecord record = queue.record();
    std::string policy = attribute_of(record.attributes, "Policy", false).value_or("");
    record.attributes["Policy"] = co_await with_permission(queue.name(), policy, permission);
    record.modified = queue.now();
    queue.configure(std::move(record));
    co_return co_await keep(queue.shard().committed());
  });
  co_return AddPermissionOutput();
}

}  // namespace outcrop::sqs
