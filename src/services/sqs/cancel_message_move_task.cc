#include "gen/sqs/cancel_message_move_task.h"

#include "services/sqs/move_task/task_handle.h"
#include "services/sqs/queue/wording.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {

// Ends a running task; what it has moved stays where it is.
Task<Result<CancelMessageMoveTaskOutput>> cancel_message_move_task(Sqs& sqs, Call& call, CancelMessageMoveTaskInput input) {
  const auto handle = read_task_handle(input.task_handle);
  if (!handle) co_return fail(invalid_parameter("Value for parameter TaskHandle is invalid."));
  const Fault no_task = resource_not_found_exception("Task does not exist.");
  auto source = parse_queue_arn(handle->source_arn, call.account());
  if (!source) co_return fail(no_task);
  auto moved = co_await keep(sqs.with_queue(call, *source, [&](Queue& queue) -> Task<Result<int64_t>> {
    int64_t count = co_await queue.cancel_move_task(handle->task_id);
    co_await queue.shard().committed();
    co_return count;
  }));
  if (!moved && moved.error().code == "QueueDoesNotExist") co_return fail(no_task);
  co_return CancelMessageMoveTaskOutput{.approximate_number_of_messages_moved = co_await std::move(moved)};
}

}  // namespace outcrop::sqs
