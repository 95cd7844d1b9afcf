// Sqs: the Amazon SQS service. One file beside this is one operation; what they share is in the folders below:
// queue/ the engine of one queue, message/ what a message may hold.
//
// A queue is owned by its shard: shard = hash(account, region, "sqs", name). Its records (models/records/sqs.json) lie
// under keys that queue/keys.h lists:
//   QueueRecord     attributes, tags, when made; also that a name was deleted lately
//   QueueCounters   next sequence, how many messages
//   StoredMessage   by sequence, the order of sending; never rewritten
//   MessageState    beside it once received: receive count, first receive, visible again when
//   orders          of delayed messages by due time, of grouped ones by group, of redriven ones by sent time
//   Deduplication, ReceiveAttempt (five minutes), MoveTask (the last ten)
// Beside the shards there is one record: global/sqs/receipt-secret, what receipt handles are sealed with.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/task_group.h"
#include "core/call.h"
#include "core/durable_timers.h"
#include "core/shard.h"
#include "services/sqs/queue/host.h"
#include "services/sqs/queue/queue.h"
#include "services/sqs/queue/shard_queues.h"
#include "services/sqs/queue/wording.h"

namespace outcrop::sqs {

class Sqs final : public QueueHost {
 public:
  Sqs(World& world, Shards& shards, DurableTimers& timers);

  // Before the durable timers start: reads or makes the secret.
  Task<Result<void>> start();
  // Ends background work; before the shards close.
  Task<void> stop();

  Shard& shard_of(const QueueName& name) { return shards_.of(name.account, name.region, "sqs", name.name); }
  std::string receipt_handle(const Queue& queue, const Delivery& delivery) const;
  // Faults with ReceiptHandleIsInvalid when it is none of this queue.
  Result<Receipt> receipt_of(const Queue& queue, std::string_view handle) const;

  // Runs command(queue) on the queue's thread, where the caller may do call.operation to it, and gives its result.
  // F: Task<Result<T>>(Queue&).
  template <class F>
  std::invoke_result_t<F&, Queue&> with_queue(Call& call, const std::string& queue_url, F command);
  template <class F>
  std::invoke_result_t<F&, Queue&> with_queue(Call& call, const QueueName& name, F command);

  // The queues of the caller's account and region, by name.
  struct Listed {
    QueueName name;
    QueueRecord record;
  };
  Task<Result<std::vector<Listed>>> list(const std::string& account, const std::string& region, std::string_view prefix = {});
  // Those of them whose dead-letter queue is `target`.
  Task<Result<std::vector<Listed>>> sources_of(const QueueName& target);
  // Faults when the redrive policy among `attributes` names a queue that cannot be the dead-letter queue of `source`.
  Task<Result<void>> check_redrive_target(const QueueName& source, const Attributes& attributes);

  // Lets the task go on at the instant; part of the shard's open batch.
  void schedule_move(Queue& queue, Instant due);

  void spawn(Task<void> work) override;
  Task<Result<void>> carry(const QueueName& to, Transfer transfer) override;

 private:
  Task<Result<void>> continue_move(Shard& shard, const DurableTimer& timer);

  World& world_;
  Shards& shards_;
  DurableTimers& timers_;
  TaskGroup background_;
  std::string receipt_secret_;
  std::atomic<bool> stopped_ = false;
};

// Faults unless the caller may do call.operation to the queue: its own account by its identity and the queue's policy,
// others by the queue's policy, and only what may be shared.
Result<void> authorize(const Call& call, const Queue& queue);
// The queue a caller's QueueUrl names; QueueDoesNotExist when it names none.
Result<QueueName> queue_name_of(const Call& call, const std::string& queue_url);

template <class F>
std::invoke_result_t<F&, Queue&> Sqs::with_queue(Call& call, const std::string& queue_url, F command) {
  QueueName name = co_await queue_name_of(call, queue_url);
  co_return co_await keep(with_queue(call, name, std::move(command)));
}

template <class F>
std::invoke_result_t<F&, Queue&> Sqs::with_queue(Call& call, const QueueName& name, F command) {
  co_return co_await keep(Shards::call(shard_of(name), [&](Shard& shard) -> std::invoke_result_t<F&, Queue&> {
    auto queues = shard.memory<ShardQueues>();
    auto queue = co_await queues->find(*this, name);
    if (!queue) co_return fail(no_such_queue(call));
    co_await authorize(call, *queue);
    co_return co_await keep(command(*queue));
  }));
}

}  // namespace outcrop::sqs
