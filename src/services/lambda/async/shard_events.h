// The queues of events of one shard: those of functions that have events, and some that had.
#pragma once
#include <map>
#include <memory>

#include "core/shard.h"
#include "services/lambda/async/event_queue.h"

namespace outcrop::lambda {

class ShardEvents {
 public:
  explicit ShardEvents(Shard& shard) : shard_(shard) {}
  // The shard closes: its queues do, too.
  void close();

  // The function's queue, opened when it is not.
  std::shared_ptr<EventQueue> queue(EventHost& host, const EventQueueName& name);
  // Opens the queues of all functions that have events in the store.
  Task<Result<void>> open_all(EventHost& host);

 private:
  void forget_idle();

  Shard& shard_;
  bool closed_ = false;
  std::map<EventQueueName, std::shared_ptr<EventQueue>> queues_;
};

}  // namespace outcrop::lambda
