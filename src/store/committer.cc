// Group commit.
#include "store/committer.h"

#include <algorithm>

#include "base/check.h"
#include "base/log.h"
#include "store/limits.h"

namespace outcrop::store {

Committer::Committer(Engine& engine, Validator& validator, RecentValues& recent, Activity* activity)
    : engine_(engine), validator_(validator), recent_(recent), activity_(activity) {}

Committer::~Committer() {
  {
    std::unique_lock lock(mutex_);
    check(!queue_.first, "the store was closed while commits were queued");
    // Who committed last may still be on its way out.
    came_to_rest_.wait(lock, [&] { return !committing_; });
    closing_ = true;
    thread_wakes_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

Committer::Commit::Commit(Committer& committer, const WriteBatch& writes, const ReadSet* reads, Sequence begun_at)
    : Candidate{.writes = &writes, .reads = reads, .begun_at = begun_at}, committer_(committer) {}

bool Committer::Commit::await_suspend(std::coroutine_handle<> self) {
  waiting_ = self;
  home_ = Executor::current();
  check(home_ != nullptr, "a commit needs an executor to resume on");
  return committer_.enqueue(*this);
}

void Committer::List::push(Commit& commit) {
  commit.next_ = nullptr;
  (last ? last->next_ : first) = &commit;
  last = &commit;
}

Committer::Commit& Committer::List::pop() {
  Commit& commit = *first;
  first = commit.next_;
  if (!first) last = nullptr;
  return commit;
}

// False: the store takes no commits, and the outcome says so. Once the lock is free the commit may be resolved.
bool Committer::enqueue(Commit& commit) {
  std::lock_guard lock(mutex_);
  if (failure_) {
    commit.outcome_ = fail(*failure_);
    return false;
  }
  if (!queue_.first && !committing_ && activity_) activity_->begin();
  queue_.push(commit);
  // It is this thread's executor, which is awake.
  if (!committing_ && ask(*commit.home_)) commit.home_->wake();
  return true;
}

// A group starts at the end of this turn of `home`, so that it holds all of the turn's commits. Under the lock, and so before any waiter of
// `home` resumes: the store is still there when the job runs. True: `home` must be woken, better without the lock.
bool Committer::ask(Executor& home) {
  if (std::ranges::find(asked_, &home) != asked_.end()) return false;
  asked_.push_back(&home);
  return home.post_quietly([this, &home] { start_on(home); });
}

void Committer::start_on(Executor& home) {
  {
    std::lock_guard lock(mutex_);
    std::erase(asked_, &home);
    if (committing_ || !queue_.first) return;
    committing_ = true;
    if (engine_.apply_waits()) return start_on_thread();
    take_group();
  }
  sequence_ = validator_.validate(group_);
  if (!commit_group(Wait::no)) {
    std::lock_guard lock(mutex_);
    group_is_validated_ = true;
    return start_on_thread();
  }
  List own = wake_others(&home);
  rest();
  resume(own);  // last: a waiter may destroy the store
}

// Under the lock, by the owner.
void Committer::start_on_thread() {
  thread_has_work_ = true;
  if (!thread_.joinable()) thread_ = std::thread([this] { run_thread(); });
  thread_wakes_.notify_one();
}

void Committer::run_thread() {
  std::unique_lock lock(mutex_);
  for (;;) {
    thread_wakes_.wait(lock, [&] { return thread_has_work_ || closing_; });
    if (!thread_has_work_) return;
    const bool is_validated = std::exchange(group_is_validated_, false);
    if (!is_validated) take_group();
    lock.unlock();
    if (!is_validated) sequence_ = validator_.validate(group_);
    commit_group(Wait::yes);
    wake_others(nullptr);
    lock.lock();
    thread_has_work_ = queue_.first && engine_.apply_waits();
    if (thread_has_work_) continue;
    lock.unlock();
    rest();
    lock.lock();
  }
}

// Under the lock, by the owner.
void Committer::take_group() {
  size_t bytes = 0;
  while (queue_.first && (group_.empty() || bytes + queue_.first->writes->bytes() <= group_bytes_max)) {
    Commit& commit = queue_.pop();
    bytes += commit.writes->bytes();
    group_.push_back(&commit);
  }
}

// Applies the validated group and sets the outcomes. False: it would have to wait.
bool Committer::commit_group(Wait wait) {
  writes_.clear();
  for (const Validator::Candidate* candidate : group_) {
    if (candidate->conflicts) continue;
    writes_.push_back(candidate->writes);
    recent_.note(*candidate, sequence_);  // before the engine has it
  }
  Result<bool> outcome = true;
  if (failure_) {
    outcome = fail(*failure_);
  } else if (!writes_.empty()) {
    Answer<void> applied = engine_.apply(writes_, wait);
    if (!applied) return false;
    if (!*applied) outcome = fail_from_now_on(applied->error().message);
  }
  if (outcome) validator_.applied();
  for (Validator::Candidate* candidate : group_) {
    static_cast<Commit&>(*candidate).outcome_ = candidate->conflicts ? Result<bool>(false) : outcome;
  }
  commits_.fetch_add(writes_.size(), std::memory_order_relaxed);
  conflicts_.fetch_add(group_.size() - writes_.size(), std::memory_order_relaxed);
  groups_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

// The engine failed under a group: gives that group's outcome.
std::unexpected<Fault> Committer::fail_from_now_on(const std::string& reason) {
  log::error("the store failed and takes no more writes", {{"reason", reason}});
  std::lock_guard lock(mutex_);
  failure_ = Fault{"StoreFailed", 500, "the store takes no writes since one failed: " + reason};
  return fail("CommitUnknown", 500, "whether the commit happened is unknown: " + reason);
}

// Resumes the group's waiters with one job for each executor; gives those of `self` back.
Committer::List Committer::wake_others(Executor* self) {
  List own;
  std::vector<std::pair<Executor*, List>> homes;  // as few as there are cores
  for (Validator::Candidate* candidate : group_) {
    auto& commit = static_cast<Commit&>(*candidate);
    if (commit.home_ == self) {
      own.push(commit);
      continue;
    }
    auto home = std::ranges::find(homes, commit.home_, &std::pair<Executor*, List>::first);
    if (home == homes.end()) home = homes.insert(homes.end(), {commit.home_, List()});
    home->second.push(commit);
  }
  group_.clear();
  for (auto& [home, waiters] : homes) {
    home->post([waiters] { resume(waiters); });
  }
  return own;
}

// The owner leaves; what came meanwhile is committed from the executor of the first of it.
void Committer::rest() {
  Executor* sleeper = nullptr;
  {
    std::lock_guard lock(mutex_);
    committing_ = false;
    if (queue_.first) {
      Executor& home = *queue_.first->home_;
      if (ask(home)) sleeper = &home;
    } else if (activity_) {
      activity_->end();
    }
    came_to_rest_.notify_all();
  }
  if (sleeper) sleeper->wake();
}

void Committer::resume(List waiters) {
  while (waiters.first) waiters.pop().waiting_.resume();
}

void Committer::add_stats(StoreStats& stats) const {
  stats.commits += commits_.load(std::memory_order_relaxed);
  stats.conflicts += conflicts_.load(std::memory_order_relaxed);
  stats.groups += groups_.load(std::memory_order_relaxed);
}

}  // namespace outcrop::store
