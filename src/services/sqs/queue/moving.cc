// Messages on their way into other queues: to the dead-letter queue after too many receives, and back by message
// move tasks. The write that puts a message into its new queue erases it here, so it is in one place at any time.
#include <algorithm>

#include "base/log.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/queue.h"
#include "services/sqs/queue/wording.h"
#include "wire/record.h"

namespace outcrop::sqs {

void Queue::start_redrive(std::vector<uint64_t> sequences) {
  moving_ += sequences.size();
  host_.spawn(redrive_kept(shared_from_this(), std::move(sequences)));
}

Task<void> Queue::redrive_kept(std::shared_ptr<Queue> self, std::vector<uint64_t> sequences) {
  co_await self->shard_.executor().yield();  // after the command that set it off
  co_await self->redrive(std::move(sequences));
}

Task<void> Queue::redrive(std::vector<uint64_t> sequences) {
  for (uint64_t sequence : sequences) {
    std::optional<QueueName> to;
    if (settings_.redrive) to = settings_.redrive->target;
    Result<void> moved = to ? co_await keep(move_one(sequence, &*to, Transfer::Kind::dead_letter)) : Result<void>(fail(no_such_queue()));
    if (closed_) co_return;
    --moving_;
    if (Entry* entry = find(sequence); entry && entry->state == Entry::State::moving) {
      log::warning("a message could not go to its dead-letter queue", {{"queue", name_.arn()}, {"fault", moved.error().message}});
      set_state(*entry, Entry::State::delayed, now() + limits::redrive_retry);
    }
  }
  moved_.notify_all();
  serve_waiters();
}

// Moves a message whose entry is in the state `moving`. `to` is null for the queue it came from. Afterwards the entry is
// gone, or still there with its fault.
Task<Result<void>> Queue::move_one(uint64_t sequence, const QueueName* to, Transfer::Kind kind) {
  // What was appended for the message must not come behind its erasure in another shard's batch.
  co_await shard_.committed();
  auto message = co_await fetch(sequence);
  Entry* entry = find(sequence);
  if (closed_) co_return fail(closed_because_);
  if (!entry) co_return Result<void>();  // purged
  if (!message) {
    forget(*entry);
    co_return Result<void>();
  }
  std::optional<QueueName> source;
  if (!to) {
    if (message->dead_letter_source_arn) source = parse_queue_arn(*message->dead_letter_source_arn, name_.account);
    if (!source) co_return fail(invalid_parameter("CouldNotDetermineMessageSource"));
    to = &*source;
  }
  Transfer transfer{.kind = kind};
  transfer.state.receive_count = entry->receive_count;
  transfer.state.first_received = entry->first_received;
  transfer.state.last_received = entry->last_received;
  if (kind == Transfer::Kind::dead_letter) message->dead_letter_source_arn = name_.arn();
  transfer.message = std::move(*message);
  erase_keys(*entry, transfer.erasure);
  co_await host_.carry(*to, std::move(transfer));
  if (closed_) co_return fail(closed_because_);
  entry = find(sequence);
  if (!entry) co_return Result<void>();
  --counters_.messages;
  if (entry->in_delayed_order) --counters_.delayed;
  put_counters();
  if (reading_) removed_while_reading_.insert(sequence);
  forget(*entry);
  co_return Result<void>();
}

// --- message move tasks

void Queue::put_move_task(const MoveTask& task) { batch().put(keys_.task(task.started, task.id), wire::encode_record(task)); }

MoveTask* Queue::running_move_task() {
  return !move_tasks_.empty() && (move_tasks_.front().status == "RUNNING" || move_tasks_.front().status == "CANCELLING")
             ? &move_tasks_.front()
             : nullptr;
}

Result<MoveTask> Queue::start_move_task(std::string id, std::optional<std::string> destination_arn,
                                        std::optional<int32_t> messages_per_second) {
  if (running_move_task())
    return fail(
        invalid_parameter("There is already a task running. Only one active task is allowed for a source queue arn at a given time."));
  MoveTask task;
  task.id = std::move(id);
  task.destination_arn = std::move(destination_arn);
  task.messages_per_second = messages_per_second;
  task.started = now();
  task.status = "RUNNING";
  task.to_move = counts().visible;
  put_move_task(task);
  move_tasks_.push_front(task);
  if (move_tasks_.size() > limits::move_tasks_listed_max) {
    batch().erase(keys_.task(move_tasks_.back().started, move_tasks_.back().id));
    move_tasks_.pop_back();
  }
  return task;
}

Result<int64_t> Queue::cancel_move_task(std::string_view id) {
  MoveTask* task = running_move_task();
  if (!task || task->id != id || task->status != "RUNNING") return fail(resource_not_found_exception("Task does not exist."));
  task->status = "CANCELLED";
  put_move_task(*task);
  return task->moved;
}

Task<Result<std::optional<Instant>>> Queue::move_some() {
  auto self = shared_from_this();
  if (closed_) co_return fail(closed_because_);
  MoveTask* task = running_move_task();
  if (!task) co_return std::nullopt;
  const std::string id = task->id;
  Instant next = now();
  size_t at_most = limits::move_batch;
  if (task->messages_per_second) {
    Milliseconds interval = std::max(limits::move_interval, Milliseconds(1000 / *task->messages_per_second));
    at_most = std::max<size_t>(1, size_t(*task->messages_per_second * interval.count() / 1000));
    next += interval;
  }
  std::optional<QueueName> destination;
  if (task->destination_arn) destination = parse_queue_arn(*task->destination_arn, name_.account);
  bool is_empty = false;
  std::optional<std::string> problem;
  while (at_most-- > 0 && !problem) {
    if (wants_more()) co_await refill();
    if (closed_) co_return fail(closed_because_);
    task = running_move_task();
    if (!task || task->id != id) co_return std::nullopt;  // cancelled
    Entry* entry = order_->next({}, now());
    is_empty = !entry || task->moved >= task->to_move;
    if (is_empty) break;
    const uint64_t sequence = entry->sequence;
    set_state(*entry, Entry::State::moving, entry->visible_at);
    ++moving_;
    auto moved = co_await keep(move_one(sequence, destination ? &*destination : nullptr, Transfer::Kind::redrive));
    if (closed_) co_return fail(closed_because_);
    --moving_;
    if (Entry* left = find(sequence); left && left->state == Entry::State::moving) set_state(*left, Entry::State::ready, left->visible_at);
    task = running_move_task();
    if (!task || task->id != id) co_return std::nullopt;
    if (moved)
      ++task->moved;
    else
      problem = moved.error().message == "CouldNotDetermineMessageSource" ? moved.error().message : moved.error().code;
    is_empty = task->moved >= task->to_move;
    if (is_empty) break;
  }
  if (problem) task->failure_reason = problem;
  if (problem || is_empty) task->status = problem ? "FAILED" : "COMPLETED";
  put_move_task(*task);
  if (problem || is_empty) co_return std::nullopt;
  co_return next;
}

}  // namespace outcrop::sqs
