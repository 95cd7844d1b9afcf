// Durable timers: a timer is a record in its shard (due instant, kind, id, payload), so it survives a crash and
// fires at least once. Memory holds only a window of what is due next; the rest waits in the store.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "base/time.h"
#include "core/shard.h"

namespace outcrop {

struct DurableTimer {
  Instant due;
  std::string kind;     // the owner: "sqs/move", "states/wait"; at most 64 bytes, no zero byte
  std::string account;  // 12 digits: a reset of the account erases it
  std::string id;       // unique among the account's timers of that kind and instant; at most 512 bytes, no zero byte
  std::string payload;  // at most 16 KiB; larger state belongs into the owner's own record
};

class DurableTimers {
 public:
  // Runs on the shard's thread at or shortly after the instant; started in the order of (due, kind, account,
  // id). When it returns, the record is erased in the same batch as what it appended last: a handler that does
  // not suspend between its last append and its return has its effect exactly once, any other at least once.
  // After a fault it runs again, after 1 s and then twice as long each time, up to 60 s.
  using Handler = std::function<Task<Result<void>>(Shard&, const DurableTimer&)>;

  explicit DurableTimers(Shards& shards);
  ~DurableTimers();

  // One handler a kind; before start().
  void on(std::string_view kind, Handler handler);

  // Reads each shard's window; what came due while the server was away fires at once.
  Task<Result<void>> start();
  // Fires nothing more and returns when the running handlers have ended. Before Shards::close().
  Task<void> stop();

  // Both are part of the shard's open batch, on its thread, without suspending: the owner's own record, which
  // knows the instant, is written with them. A timer that is set again is replaced. Cancelling one that fires
  // just now lets its handler end.
  void set(Shard& shard, DurableTimer timer);
  void cancel(Shard& shard, Instant due, std::string_view kind, std::string_view account, std::string_view id);

  // The records of a shard's timers, and what one says: for those who look at the store, such as a reset.
  static store::Range keys_of(const Shard& shard);
  static DurableTimer decode(const Shard& shard, store::Entry entry);

 private:
  class OfShard;

  Shards& shards_;
  std::map<std::string, Handler, std::less<>> handlers_;
  std::vector<std::unique_ptr<OfShard>> of_shard_;
};

}  // namespace outcrop
