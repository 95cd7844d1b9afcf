// AsyncEvents: asynchronous invocation. An event is acknowledged when it is on disk, tried until the function took it or the function's
// settings say that it is enough, and what became of it goes to its destination. At least once, also when the server is killed.
//
// What the function answers counts as a try: an error is tried again after one minute, then two. What it had no part in (no concurrency,
// errors of this server) does not: it is tried again after a back-off until the event is too old.
#pragma once
#include <atomic>

#include "base/task_group.h"
#include "core/shard.h"
#include "services/lambda/async/destinations.h"
#include "services/lambda/async/event_host.h"
#include "services/lambda/async/invocation_record.h"
#include "services/lambda/function/functions.h"
#include "services/lambda/invoke/invoker.h"

namespace outcrop::lambda {

class AsyncEvents final : public EventHost {
 public:
  // All must outlive it.
  struct Parts {
    World& world;
    Shards& shards;
    Functions& functions;
    Invoker& invoker;
    Destinations& destinations;
  };
  explicit AsyncEvents(Parts parts) : parts_(parts) {}

  // Goes on with what an earlier server left.
  Task<Result<void>> start();
  // Begins nothing more. What runs is tried again by the next server unless it ends well; stop() waits for it.
  void begin_stop();
  Task<void> stop();

  // Keeps the event; returns when it is on disk. Faults: ResourceNotFoundException 404, RequestEntityTooLargeException 413 above
  // `bytes_max`.
  Task<Result<void>> add(const FunctionName& name, runner::Invocation invocation, size_t bytes_max);

  void spawn(Task<void> work) override;
  Task<std::optional<uint32_t>> concurrency_of(const EventQueueName& name, const AsyncEventRecord& event) override;
  Task<Verdict> attempt(const EventQueueName& name, AsyncEventRecord& event) override;

 private:
  struct Settings {
    int32_t retries_max;
    Seconds age_max;
    std::string on_success, on_failure, dead_letter_target;  // ARNs; empty: none
    bool is_switched_off = false;                            // no concurrency is reserved for the function
  };

  Shard& shard_of(const EventQueueName& name);
  void go_on_with(Shard& shard);
  Task<void> open_all(Shard& shard);
  Task<Result<Settings>> settings_of(const FunctionName& name);
  Task<Verdict> judge_answer(const FunctionName& name, const Settings& settings, AsyncEventRecord& event, InvokedWhole answer);
  Task<Verdict> judge_refusal(const FunctionName& name, const Settings& settings, AsyncEventRecord& event, Fault refusal);
  Task<Verdict> give_up(const FunctionName& name, const Settings& settings, const AsyncEventRecord& event, Ending ending);
  // False: the server ends before it could be told.
  Task<bool> tell_destination(const FunctionName& name, std::string_view arn, const AsyncEventRecord& event, const Ending& ending);
  bool is_cut_off(const Fault& fault) const;
  Task<Result<void>> send(const Place& from, std::string_view arn, const DestinationMessage& message);

  Instant now() const { return parts_.world.clock.wall(); }

  const Parts parts_;
  TaskGroup background_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace outcrop::lambda
