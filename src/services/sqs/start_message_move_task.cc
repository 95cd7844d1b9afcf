#include "gen/sqs/start_message_move_task.h"

#include "services/sqs/limits.h"
#include "services/sqs/move_task/task_handle.h"
#include "services/sqs/queue/wording.h"
#include "services/sqs/sqs.h"

namespace outcrop::sqs {
namespace {

// As with_queue(), with the words for a queue that was named by its ARN.
template <class F>
std::invoke_result_t<F&, Queue&> with_named(Sqs& sqs, Call& call, const QueueName& name, std::string_view parameter, F command) {
  auto result = co_await keep(sqs.with_queue(call, name, std::move(command)));
  if (!result && result.error().code == "QueueDoesNotExist") co_return fail(no_such_resource(parameter));
  co_return result;
}

}  // namespace

// Begins to move the messages of a dead-letter queue to where they came from, or to another queue.
Task<Result<StartMessageMoveTaskOutput>> start_message_move_task(Sqs& sqs, Call& call, StartMessageMoveTaskInput input) {
  const QueueName source = co_await queue_of_arn(call, input.source_arn, "SourceArn");
  co_await with_named(sqs, call, source, "SourceArn", [](Queue&) -> Task<Result<void>> { co_return Result<void>(); });
  if (input.destination_arn) {
    const QueueName destination = co_await queue_of_arn(call, *input.destination_arn, "DestinationArn");
    co_await with_named(sqs, call, destination, "DestinationArn", [](Queue&) -> Task<Result<void>> { co_return Result<void>(); });
    if (destination == source) co_return fail(invalid_parameter("Source queue and destination queue must be different."));
    if (destination.is_fifo() != source.is_fifo())
      co_return fail(invalid_parameter("Source queue type and destination queue type must be the same."));
  }
  const auto& rate = input.max_number_of_messages_per_second;
  if (rate && (*rate < 1 || *rate > limits::moves_per_second_max))
    co_return fail(invalid_value(*rate, "MaxNumberOfMessagesPerSecond",
                                 fmt::format("Must be between 1 and {}, if provided.", limits::moves_per_second_max)));
  auto sources = co_await sqs.sources_of(source);
  if (sources.empty()) co_return fail(invalid_parameter("Source queue must be configured as a Dead Letter Queue."));
  std::string id = call.world.random.uuid();
  co_await with_named(sqs, call, source, "SourceArn", [&](Queue& queue) -> Task<Result<void>> {
    co_await queue.start_move_task(id, input.destination_arn, rate);
    sqs.schedule_move(queue, queue.now());
    co_return co_await keep(queue.shard().committed());
  });
  co_return StartMessageMoveTaskOutput{.task_handle = write_task_handle({std::move(id), source.arn()})};
}

}  // namespace outcrop::sqs
