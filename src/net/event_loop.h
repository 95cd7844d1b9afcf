// EventLoop: one thread with its sockets, its queue of jobs and its timers. Loops: as many as there are cores.
// A connection, and everything it awaits, lives and dies on one loop. An idle loop sleeps until something is due.
#pragma once
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/activity.h"
#include "base/executor.h"
#include "net/deferred.h"
#include "net/reactor.h"
#include "net/timer_wheel.h"

namespace outcrop::net {

class EventLoop final : public Executor {
 public:
  // `activity`, where given, counts jobs that were posted and have not ended.
  explicit EventLoop(const Clock& clock, Activity* activity = nullptr);
  ~EventLoop() override;  // after run() has returned

  void post(Job job) override;
  bool post_quietly(Job job) override;
  void wake() override { reactor_.wake(); }
  Timer start_timer(SteadyTime due, Job job) override;

  // Runs jobs, timers and sockets on the calling thread until stop().
  void run();
  // Thread-safe. run() returns after the jobs that were posted before; later ones never run.
  void stop();

  const Clock& clock() const { return clock_; }
  SteadyTime now() const { return clock_.steady(); }

  // For src/net: timers and work without an allocation, and sockets. On the loop's thread only.
  void start_timer(TimerWheel::Node& node, SteadyTime due);
  void defer(Deferred& deferred) { deferred_.add(deferred); }
  Reactor& reactor() { return reactor_; }

 private:
  class JobTimer;
  void run_jobs();
  void run_timers();
  void wait_for_sockets();
  Milliseconds time_to_alarm() const;

  const Clock& clock_;
  Activity* const activity_;
  Reactor reactor_;
  TimerWheel wheel_;
  // When the wheel turns next. Set earlier when a timer is due before, and never later: to turn for a cancelled timer costs less than
  // moving this each time.
  SteadyTime alarm_ = SteadyTime::max();
  Deferred::Queue deferred_;
  bool stopped_ = false;

  std::mutex mutex_;
  std::vector<Job> jobs_;     // guarded by mutex_
  bool asleep_ = false;       // guarded by mutex_: who posts must wake it
  std::vector<Job> running_;  // kept for its memory
};

// The loops of a process, each on its own thread.
class Loops {
 public:
  Loops(const Clock& clock, size_t count, Activity* activity = nullptr);
  ~Loops();  // stops and joins

  void start();
  // Thread-safe; may be called from a loop.
  void stop();
  void join();

  size_t size() const { return loops_.size(); }
  EventLoop& at(size_t index) { return *loops_[index]; }
  std::vector<Executor*> executors() const;

 private:
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::vector<std::thread> threads_;
};

}  // namespace outcrop::net
