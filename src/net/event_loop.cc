#include "net/event_loop.h"

#include "base/check.h"

namespace outcrop::net {

namespace {
// A burst of jobs may not keep its memory for ever.
constexpr size_t jobs_kept_max = 1024;
constexpr Milliseconds for_ever{-1};
}  // namespace

class EventLoop::JobTimer final : public TimerHandle, public TimerWheel::Node {
 public:
  explicit JobTimer(Job job) : Node(run), job_(std::move(job)) {}

 private:
  static void run(Node& node) {
    Job job = std::move(static_cast<JobTimer&>(node).job_);  // it may destroy its timer
    job();
  }
  Job job_;
};

EventLoop::EventLoop(const Clock& clock, Activity* activity) : clock_(clock), activity_(activity), wheel_(clock.steady()) {}

EventLoop::~EventLoop() = default;

void EventLoop::post(Job job) {
  if (post_quietly(std::move(job))) wake();
}

bool EventLoop::post_quietly(Job job) {
  if (activity_) activity_->begin();
  std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  return std::exchange(asleep_, false);
}

// Runs one batch. What it posts comes after the sockets that are ready meanwhile.
void EventLoop::run_jobs() {
  {
    std::lock_guard lock(mutex_);
    running_.swap(jobs_);
  }
  for (Job& job : running_) {
    job();
    job = nullptr;
    if (activity_) activity_->end();
  }
  running_.clear();
  if (running_.capacity() > jobs_kept_max) std::vector<Job>().swap(running_);
}

Timer EventLoop::start_timer(SteadyTime due, Job job) {
  auto timer = std::make_unique<JobTimer>(std::move(job));
  start_timer(*timer, due);
  return timer;
}

void EventLoop::start_timer(TimerWheel::Node& node, SteadyTime due) {
  wheel_.start(node, due);
  if (due < alarm_) alarm_ = std::min(alarm_, wheel_.next_wake().value_or(SteadyTime::max()));
}

void EventLoop::run_timers() {
  if (time_to_alarm() != Milliseconds(0)) return;
  alarm_ = SteadyTime::max();
  wheel_.advance(now());
  alarm_ = std::min(alarm_, wheel_.next_wake().value_or(SteadyTime::max()));
}

// Rounded up; for_ever without timers.
Milliseconds EventLoop::time_to_alarm() const {
  if (alarm_ == SteadyTime::max()) return for_ever;
  return std::max(std::chrono::ceil<Milliseconds>(alarm_ - now()), Milliseconds(0));
}

// Until there is something to do. With something to do already, looks at the sockets alone.
void EventLoop::wait_for_sockets() {
  Milliseconds timeout = deferred_.is_empty() ? time_to_alarm() : Milliseconds(0);
  {
    std::lock_guard lock(mutex_);
    if (!jobs_.empty()) timeout = Milliseconds(0);
    asleep_ = timeout != Milliseconds(0);
  }
  reactor_.wait(timeout);
  {
    std::lock_guard lock(mutex_);
    asleep_ = false;
  }
  reactor_.tell();
}

void EventLoop::run() {
  Executor* outer = current();
  set_current(this);
  for (stopped_ = false; !stopped_;) {
    wait_for_sockets();
    run_timers();
    deferred_.run();
    run_jobs();
  }
  set_current(outer);
}

void EventLoop::stop() {
  post([this] { stopped_ = true; });
}

Loops::Loops(const Clock& clock, size_t count, Activity* activity) {
  check(count > 0, "there must be a loop");
  for (size_t i = 0; i < count; ++i) loops_.push_back(std::make_unique<EventLoop>(clock, activity));
}

Loops::~Loops() {
  stop();
  join();
}

void Loops::start() {
  check(threads_.empty(), "the loops run already");
  for (auto& loop : loops_) threads_.emplace_back([&loop] { loop->run(); });
}

void Loops::stop() {
  for (auto& loop : loops_) loop->stop();
}

void Loops::join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::vector<Executor*> Loops::executors() const {
  std::vector<Executor*> executors;
  for (auto& loop : loops_) executors.push_back(loop.get());
  return executors;
}

}  // namespace outcrop::net
