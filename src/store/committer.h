// Committer: group commit. What all threads want to commit forms one queue; whoever commits takes a group from it,
// validates it, hands it to the engine as one write, and wakes each executor once for all its waiters.
//
// An engine that waits for the disk is driven by one commit thread. One that does not is driven by the executors
// themselves: the first commit of a turn posts a job that commits all of that turn, without a second thread.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/activity.h"
#include "base/executor.h"
#include "store/engine.h"
#include "store/recent_values.h"
#include "store/validator.h"

namespace outcrop::store {

class Committer {
 public:
  Committer(Engine& engine, Validator& validator, RecentValues& recent, Activity* activity);
  ~Committer();  // nothing may be queued

  // One commit; lives in the frame of the coroutine that awaits it. True: committed; false: it conflicts.
  class Commit : private Validator::Candidate {
   public:
    // `reads` null: unconditional.
    Commit(Committer& committer, const WriteBatch& writes, const ReadSet* reads = nullptr, Sequence begun_at = 0);
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> self);
    Result<bool> await_resume() { return std::move(outcome_); }

   private:
    friend Committer;
    Committer& committer_;
    Executor* home_ = nullptr;
    std::coroutine_handle<> waiting_;
    Commit* next_ = nullptr;  // in the queue, then among the waiters of one executor
    Result<bool> outcome_ = false;
  };

  void add_stats(StoreStats& stats) const;

 private:
  // A list of commits, linked through them.
  struct List {
    Commit* first = nullptr;
    Commit* last = nullptr;
    void push(Commit& commit);
    Commit& pop();
  };

  bool enqueue(Commit& commit);
  [[nodiscard]] bool ask(Executor& home);
  void start_on(Executor& home);
  void start_on_thread();
  void run_thread();
  void take_group();
  bool commit_group(Wait wait);
  std::unexpected<Fault> fail_from_now_on(const std::string& reason);
  List wake_others(Executor* self);
  void rest();
  static void resume(List waiters);

  Engine& engine_;
  Validator& validator_;
  RecentValues& recent_;
  Activity* const activity_;

  std::mutex mutex_;
  std::condition_variable thread_wakes_, came_to_rest_;
  List queue_;
  bool committing_ = false;          // somebody owns group_
  bool thread_has_work_ = false;     // the owner is the commit thread
  bool group_is_validated_ = false;  // it was found to wait for the disk only then
  bool closing_ = false;
  std::vector<Executor*> asked_;  // where a job is posted that will start a group
  std::optional<Fault> failure_;  // of the engine; it is final
  std::thread thread_;            // started by the first commit it is needed for

  std::vector<Validator::Candidate*> group_;  // the owner's
  Sequence sequence_ = 0;                     // the owner's: of the group, once it is validated
  std::vector<const WriteBatch*> writes_;     // the owner's: of those that passed

  std::atomic<uint64_t> commits_ = 0, conflicts_ = 0, groups_ = 0;
};

}  // namespace outcrop::store
