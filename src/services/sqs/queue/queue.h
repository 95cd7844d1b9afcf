// Queue: one queue in the memory of its shard. Commands change memory and append to the shard's open batch without
// suspending; the caller awaits Shard::committed() before it answers. Only on the shard's thread.
//
// Memory holds what is in flight, a window of the messages that are ready next and of those that become ready next,
// and who waits for them. The rest of the backlog is in the store and is read as the window empties:
//  - messages lie in the order they were sent; `next_unread_` is the first that was never looked at;
//  - delayed messages of standard queues lie in the order they become visible, read up to `delayed_read_`;
//  - when tenants are noisy, the messages of quiet ones are searched beyond the window by group.
#pragma once
#include <deque>
#include <list>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/shard.h"
#include "core/signal.h"
#include "core/timers.h"
#include "services/sqs/queue/deduplication.h"
#include "services/sqs/queue/delivery_order.h"
#include "services/sqs/queue/host.h"
#include "services/sqs/queue/keys.h"
#include "services/sqs/queue/receipt.h"
#include "services/sqs/queue/settings.h"

namespace outcrop::sqs {

struct ReceiveRequest {
  size_t messages_max = 1;
  std::optional<Seconds> visibility_timeout;  // the queue's when absent
  std::optional<Seconds> wait;                // likewise
  std::string attempt_id;                     // FIFO queues; empty for none
};

struct Delivery {
  uint64_t sequence = 0;
  int32_t receive_count = 0;
  Instant first_received{};
  Instant visible_at{};
  std::unique_ptr<StoredMessage> message;
};

struct Sent {
  std::string message_id;
  uint64_t sequence = 0;
};

struct Counts {
  int64_t visible = 0, in_flight = 0, delayed = 0;
};

class StandardOrder;

class Queue : public std::enable_shared_from_this<Queue> {
 public:
  Queue(QueueHost& host, Shard& shard, QueueName name, QueueRecord record);
  ~Queue();

  // Reads the counters, what is remembered for five minutes, and the first window.
  Task<Result<void>> load();
  // The shard has closed or the queue is deleted: whoever waits is answered, background work ends.
  void close(Fault reason);
  bool is_closed() const { return closed_; }

  Shard& shard() const { return shard_; }
  const QueueName& name() const { return name_; }
  const QueueRecord& record() const { return record_; }
  const QueueSettings& settings() const { return settings_; }
  const QueueKeys& keys() const { return keys_; }
  Instant now() const;

  // Replaces what is configured.
  void configure(QueueRecord record);
  // Erases all that is stored of the queue but its record, and closes.
  void erase();
  // Erases all messages. Faults with PurgeQueueInProgress within a minute of the last time.
  Result<void> purge();

  // `message` lacks the time; a duplicate within five minutes is answered with the first one's ids.
  Sent send(StoredMessage message, std::optional<Seconds> delay);
  // From another queue.
  void accept(Transfer transfer);

  // While one lives the counters are not written; its end writes them once. For several commands without suspension.
  class Counting {
   public:
    explicit Counting(Queue& queue) : queue_(queue) { ++queue_.counting_; }
    Counting(const Counting&) = delete;
    ~Counting() {
      if (--queue_.counting_ == 0 && queue_.counters_changed_) queue_.put_counters();
    }

   private:
    Queue& queue_;
  };

  // Waits as asked for a message, then for the disk. Faults with OverLimit.
  Task<Result<std::vector<Delivery>>> receive(ReceiveRequest request, std::stop_token stop);
  // Deletes. `handle`: the text, for faults.
  Task<Result<void>> remove(Receipt receipt, std::string handle);
  Task<Result<void>> change_visibility(Receipt receipt, std::string handle, Seconds timeout);
  Counts counts() const;

  // Message move tasks; the newest first, at most ten.
  const std::deque<MoveTask>& move_tasks() const { return move_tasks_; }
  Result<MoveTask> start_move_task(std::string id, std::optional<std::string> destination_arn, std::optional<int32_t> messages_per_second);
  // Faults when the task does not run; gives what it had moved.
  Result<int64_t> cancel_move_task(std::string_view id);
  // Moves some messages; gives when to go on, or none when no task runs any more.
  Task<Result<std::optional<Instant>>> move_some();

 private:
  struct Waiter;
  using WaiterPointer = std::shared_ptr<Waiter>;

  // Storing (storing.cc).
  store::WriteBatch& batch() { return shard_.batch(); }
  void put_message(uint64_t sequence, StoredMessage& message);
  void put_state(const Entry& entry);
  void put_counters();
  void erase_keys(const Entry& entry, store::WriteBatch& batch) const;
  Task<Result<std::unique_ptr<StoredMessage>>> fetch(uint64_t sequence);
  Task<Result<void>> fetch_contents(std::vector<Delivery>& deliveries);

  // Entries (queue.cc).
  void keep_new(uint64_t sequence, StoredMessage message, const std::optional<MessageState>& state);
  Entry entry_of(uint64_t sequence, const StoredMessage& message, const std::optional<MessageState>& state) const;
  Entry* take_read(uint64_t sequence, StoredMessage message, const std::optional<MessageState>& state);
  void count(const Entry& entry, int by);
  Entry* find(uint64_t sequence);
  void set_state(Entry& entry, Entry::State state, Instant visible_at);
  void forget(Entry& entry);
  void remove_message(Entry& entry);
  void drop_contents(Entry& entry);
  bool is_expired(const Entry& entry, Instant now) const { return entry.sent + settings_.retention <= now; }
  void arm_timer();
  void on_timer();

  // Receiving (receive.cc).
  std::vector<Delivery> select(const ReceiveRequest& request);
  void deliver(Entry& entry, Instant visible_at, Instant now, std::vector<Delivery>& deliveries);
  void serve_waiters();
  Task<void> wait(WaiterPointer waiter, Instant until, std::stop_token stop);
  void end_wait(const WaiterPointer& waiter);
  std::optional<std::vector<Delivery>> repeat_attempt(const ReceiveRequest& request);
  void remember_attempt(const std::string& id, const std::vector<Delivery>& deliveries);

  // The backlog (backlog.cc).
  bool has_unread() const { return next_unread_ < uint64_t(counters_.next_sequence); }
  bool has_unread_delayed() const { return !delayed_all_read_; }
  bool wants_more() const;
  bool can_hold_more() const;
  Task<void> refill();
  class Reading;
  Task<bool> read_messages();
  Task<bool> read_delayed();
  Task<bool> search_quiet_groups();
  Task<Result<Entry*>> entry_of_message(uint64_t sequence);
  void start_refill();
  void take_record(uint64_t sequence, std::string_view message_bytes, const std::string* state_bytes, bool from_delayed_order);
  static Task<void> refill_kept(std::shared_ptr<Queue> self);
  static Task<void> sweep_kept(std::shared_ptr<Queue> self);
  Task<void> sweep_expired();
  Task<Result<std::optional<Instant>>> sweep_messages(Instant now);
  Task<Result<std::optional<Instant>>> sweep_sent_earlier(Instant now);
  void expect_expiry(Instant sent);

  // To other queues (moving.cc).
  void start_redrive(std::vector<uint64_t> sequences);
  Task<void> redrive(std::vector<uint64_t> sequences);
  Task<Result<void>> move_one(uint64_t sequence, const QueueName* to, Transfer::Kind kind);
  static Task<void> redrive_kept(std::shared_ptr<Queue> self, std::vector<uint64_t> sequences);
  void put_move_task(const MoveTask& task);
  MoveTask* running_move_task();

  QueueHost& host_;
  Shard& shard_;
  const QueueName name_;
  const QueueKeys keys_;
  QueueRecord record_;
  QueueSettings settings_;
  QueueCounters counters_;
  size_t counting_ = 0;
  bool counters_changed_ = false;
  bool closed_ = false;
  Fault closed_because_;

  std::unordered_map<uint64_t, Entry> entries_;
  std::unique_ptr<DeliveryOrder> order_;
  StandardOrder* fair_ = nullptr;                     // order_ of a standard queue
  std::set<std::pair<Instant, uint64_t>> deadlines_;  // of entries that are delayed or in flight
  size_t in_flight_ = 0, delayed_ = 0, moving_ = 0, delayed_order_ready_ = 0;
  size_t cached_bytes_ = 0;
  Signal moved_;

  Deduplications deduplications_;
  std::unordered_map<std::string, ReceiveAttempt> attempts_;
  std::deque<std::pair<Instant, std::string>> attempts_by_expiry_;

  uint64_t next_unread_ = 0;
  std::pair<Instant, uint64_t> delayed_read_{};
  bool delayed_all_read_ = true;
  bool unseen_quiet_ = true;  // messages of quiet groups may lie beyond the window
  std::string last_group_searched_;
  bool refilling_ = false, refill_is_posted_ = false;
  size_t reading_ = 0;  // store reads under way whose result goes into memory
  bool sweeping_ = false;
  Signal refilled_;
  std::unordered_set<uint64_t> removed_while_reading_;  // such a read may still show them
  uint64_t purges_ = 0;
  std::optional<Instant> next_expiry_;

  std::list<WaiterPointer> waiters_;
  Instant timer_at_ = Instant::max();
  Timer timer_;

  std::deque<MoveTask> move_tasks_;
};

}  // namespace outcrop::sqs
