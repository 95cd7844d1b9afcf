// EventQueue: the asynchronous events of one function in the memory of their shard: in the order in which they are due, a window of those
// that come next; the rest is in the store, which has them all until they are over. Only on the shard's thread.
//
// A change of memory and its append to the shard's batch happen without suspending. What is being tried is still in the store: a server
// that is killed meanwhile tries it again.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/shard.h"
#include "core/timers.h"
#include "services/lambda/async/event_host.h"
#include "services/lambda/async/keys.h"

namespace outcrop::lambda {

class EventQueue : public std::enable_shared_from_this<EventQueue> {
 public:
  EventQueue(EventHost& host, Shard& shard, EventQueueName name);

  // Reads the first window; once, after construction.
  void begin();
  // Part of the shard's open batch; it is tried once pump() runs, which the caller does when the batch is on disk.
  void add(AsyncEventRecord event);
  // Begins to try what is due, as far as there is room.
  void pump();
  // The shard closes, or the service stops: nothing begins any more.
  void close();

  // Nothing waits, nothing is tried.
  bool is_idle() const { return window_.empty() && window_end_.empty() && !reading_ && trying_.empty(); }
  size_t trying() const { return trying_.size(); }
  size_t held() const { return window_.size(); }

 private:
  Instant now() const { return shard_.world().clock.wall(); }
  void put(Instant due, AsyncEventRecord event);
  void remember(std::string key, AsyncEventRecord event);
  void trim();
  void start_reading();
  Task<void> read_on(std::shared_ptr<EventQueue> self);
  Task<Result<void>> read_window();
  bool has_due() const;
  void arm();
  void add_room();
  void start_first();
  Task<void> deliver(std::shared_ptr<EventQueue> self, std::string key, AsyncEventRecord event);
  Task<Verdict> attempt(AsyncEventRecord& event);
  void settle(const std::string& key, AsyncEventRecord event, const Verdict& verdict);
  Task<Result<std::optional<std::string>>> payload_of(const AsyncEventRecord& event) const;  // none: it is gone

  EventHost& host_;
  Shard& shard_;
  const EventQueueName name_;
  const EventKeys keys_;
  bool closed_ = false;

  std::map<std::string, AsyncEventRecord> window_;  // by key: every event before window_end_ that is not being tried
  size_t window_bytes_ = 0;
  std::string window_end_;  // empty: nothing lies behind the window
  bool reading_ = false;
  std::vector<std::pair<std::string, AsyncEventRecord>> added_behind_;  // the window while it is being read on
  std::set<std::string> trying_;
  uint64_t next_number_ = 0;

  size_t room_ = 1;  // tried at a time; one, until it is known how many may be
  std::optional<size_t> room_max_;
  Instant hold_until_ = {};  // after a refusal
  Timer wake_, more_room_;
  Instant wake_at_ = {};
};

}  // namespace outcrop::lambda
