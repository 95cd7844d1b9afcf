// Poller: reads one queue for one function: receives, invokes, deletes what succeeded.
//
// Its workers do so side by side, each one batch at a time, so that receiving goes on while functions run, and the number of workers is
// the number of invocations at most. One waits in a long poll while nothing comes; when messages come there are up to five at once, and
// then one more every 200 ms for as long as none is free to receive (AWS adds 300 a minute). What a refused invocation or, without
// ReportBatchItemFailures, a failed one shows to be too many goes: what nobody takes waits in the queue, visible, not received too often.
//
// A message is deleted once its invocation succeeded, or when no filter wants it. What fails stays hidden until the queue's visibility
// timeout. A batch that is refused for want of concurrency is tried again until that timeout, and then left to the queue.
//
// FIFO queues keep the order themselves: of a group whose messages are in flight they give none.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/task_group.h"
#include "core/timers.h"
#include "core/world.h"
#include "services/lambda/mapping/filter.h"
#include "services/lambda/poller/queue_source.h"
#include "services/lambda/poller/sqs_event.h"

namespace outcrop::lambda {

struct PollerSettings {
  std::string source_arn, region;  // of the queue
  int32_t batch_size = 10;
  Seconds window{0};
  MappingFilter filter = {};
  bool reports_item_failures = false;
  uint32_t concurrency_max = 5;
  bool is_fifo = false;
};

class Poller {
 public:
  Poller(World& world, PollerSettings settings, std::unique_ptr<QueueSource> queue, std::unique_ptr<EventFunction> function);

  // Returns when it was asked to stop, or the server drains, and the batches under way have ended. On one executor.
  Task<void> run();
  // Nothing more is received. Thread-safe.
  void request_stop() { stop_.request_stop(); }

  // What stands in its way: "PROBLEM: …"; none when nothing does. Thread-safe.
  std::optional<std::string> problem() const;

  uint32_t workers() const { return workers_; }

 private:
  struct Batch {
    std::vector<QueueRecord> records;
    size_t bytes = 0;
    Instant hidden_since;              // when the first of them was received
    bool is_full = false;              // the queue gave as many as were asked for
    bool has_come_to_nothing = false;  // nobody sent anything, or there was a problem
  };

  bool is_stopping() const { return stop_.stop_requested(); }
  uint32_t workers_allowed() const;

  void add_worker();
  void grow(const Batch& batch);
  void grow_later();
  Task<void> grow_in_a_while();
  Task<void> work();

  Task<Batch> next_batch();
  Task<Result<void>> prepare();
  Task<Result<void>> gather(Batch& batch);
  Task<Result<void>> gather_until(Batch& batch, Instant end);
  Task<Result<void>> receive_into(Batch& batch, Seconds wait, std::stop_token stop);
  bool has_room(const Batch& batch) const;
  Task<void> wait_out(const Fault& fault);

  Task<void> process(Batch batch);
  Task<bool> process_event(std::span<const QueueRecord> records, Instant hidden_since);
  Task<std::optional<EventFunction::Answer>> invoke(std::string event, Instant hidden_since);
  Task<bool> hold_back(Milliseconds wait, Instant hidden_since);
  void succeed();
  void back_off();
  void tell(std::string problem);

  World& world_;
  const PollerSettings settings_;
  const std::unique_ptr<QueueSource> queue_;
  const std::unique_ptr<EventFunction> function_;
  std::stop_source stop_;
  TaskGroup working_;

  uint32_t workers_ = 0;
  uint32_t receiving_ = 0;  // of them
  uint32_t allowed_;        // by what was learnt from the invocations
  uint32_t limit_;          // by the mapping's settings and the function's
  bool will_grow_ = false;
  std::vector<std::stop_source> held_back_;  // waits of refused batches, which an invocation's end may end
  Milliseconds problem_wait_;

  mutable std::mutex mutex_;
  std::string problem_;
};

}  // namespace outcrop::lambda
