// The queues of one shard: opened from the store when they are first asked for, kept until the shard closes.
#pragma once
#include <map>
#include <memory>

#include "core/shard.h"
#include "services/sqs/queue/queue.h"

namespace outcrop::sqs {

class ShardQueues {
 public:
  explicit ShardQueues(Shard& shard) : shard_(shard) {}
  // The shard closes: its queues do, too.
  void close();

  // The queue, or null when there is none of that name.
  Task<Result<std::shared_ptr<Queue>>> find(QueueHost& host, const QueueName& name);
  // As find(), faulting with QueueDoesNotExist.
  Task<Result<std::shared_ptr<Queue>>> get(QueueHost& host, const QueueName& name);
  // Makes the queue, or gives the one that exists when nothing given differs. Faults with QueueNameExists and, within
  // a minute of its deletion, with QueueDeletedRecently.
  Task<Result<std::shared_ptr<Queue>>> create(QueueHost& host, const QueueName& name, const Attributes& attributes,
                                              const wire::Map<std::string>& tags);
  void remove(Queue& queue);

 private:
  struct Slot {
    std::shared_ptr<Queue> queue;  // null while it is being opened
    std::shared_ptr<Signal> opened = std::make_shared<Signal>();
  };

  Task<Result<std::shared_ptr<Queue>>> open(QueueHost& host, const QueueName& name);

  Shard& shard_;
  std::map<QueueName, Slot> slots_;
  std::map<QueueName, Instant> deleted_;  // of names found deleted, until they may be used again
};

}  // namespace outcrop::sqs
