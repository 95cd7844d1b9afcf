#include "gen/sqs/list_message_move_tasks.h"

#include "services/sqs/limits.h"
#include "services/sqs/move_task/task_handle.h"
#include "services/sqs/queue/wording.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {
namespace {

ListMessageMoveTasksResultEntry shown_task(const MoveTask& task, const std::string& source_arn) {
  ListMessageMoveTasksResultEntry shown;
  if (task.status == "RUNNING") shown.task_handle = write_task_handle({task.id, source_arn});
  shown.status = task.status;
  shown.source_arn = source_arn;
  shown.destination_arn = task.destination_arn;
  shown.max_number_of_messages_per_second = task.messages_per_second;
  shown.approximate_number_of_messages_moved = task.moved;
  shown.approximate_number_of_messages_to_move = task.to_move;
  shown.failure_reason = task.failure_reason;
  shown.started_timestamp = ms_since_epoch(task.started);
  return shown;
}

}  // namespace

// The most recent tasks of a source queue, the newest first.
Task<Result<ListMessageMoveTasksOutput>> list_message_move_tasks(Sqs& sqs, Call& call, ListMessageMoveTasksInput input) {
  const int32_t most = input.max_results.value_or(1);
  if (most < 1 || size_t(most) > limits::move_tasks_listed_max)
    co_return fail(invalid_value(most, "MaxResults", fmt::format("Must be between 1 and {}, if provided.", limits::move_tasks_listed_max)));
  const QueueName source = co_await queue_of_arn(call, input.source_arn, "SourceArn");
  ListMessageMoveTasksOutput output;
  auto listed = co_await keep(sqs.with_queue(call, source, [&](Queue& queue) -> Task<Result<void>> {
    for (const MoveTask& task : queue.move_tasks()) {
      if (!output.results) output.results.emplace();
      if (output.results->size() < size_t(most)) output.results->push_back(shown_task(task, source.arn()));
    }
    co_return Result<void>();
  }));
  if (!listed && listed.error().code == "QueueDoesNotExist") co_return fail(no_such_resource("SourceArn"));
  co_await std::move(listed);
  co_return output;
}

}  // namespace outcrop::sqs
