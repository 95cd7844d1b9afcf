#include "net/event_loop.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/check.h"

namespace outcrop::net {

namespace asio = boost::asio;

namespace {
// A burst of jobs may not keep its memory for ever.
constexpr size_t jobs_kept_max = 1024;
}  // namespace

// The one timer the operating system knows of: the wheel's next occasion. It is set earlier when a timer is
// due before, and never later: a ring for a cancelled timer costs less than moving it each time.
struct EventLoop::Alarm {
  using SystemTimer =
      asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, asio::io_context::executor_type>;
  explicit Alarm(asio::io_context& io) : timer(io) {}
  SystemTimer timer;
  SteadyTime due = SteadyTime::max();
};

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

EventLoop::EventLoop(const Clock& clock, Activity* activity)
    : clock_(clock),
      activity_(activity),
      io_(std::make_unique<asio::io_context>(1)),
      wheel_(clock.steady()),
      alarm_(std::make_unique<Alarm>(*io_)) {}

EventLoop::~EventLoop() = default;

void EventLoop::post(Job job) {
  if (activity_) activity_->begin();
  {
    std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    if (std::exchange(wake_requested_, true)) return;
  }
  asio::post(*io_, [this] { run_jobs(); });
}

// Runs one batch. What it posts comes after the sockets that are ready meanwhile.
void EventLoop::run_jobs() {
  {
    std::lock_guard lock(mutex_);
    running_.swap(jobs_);
    wake_requested_ = false;
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
  if (due < alarm_->due) set_alarm();
}

void EventLoop::set_alarm() {
  auto due = wheel_.next_wake();
  if (!due || *due >= alarm_->due) return;
  alarm_->due = *due;
  alarm_->timer.expires_at(*due);
  alarm_->timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) alarm_rang();
  });
}

void EventLoop::alarm_rang() {
  alarm_->due = SteadyTime::max();
  wheel_.advance(now());
  set_alarm();
}

void EventLoop::run() {
  Executor* outer = current();
  set_current(this);
  {
    auto work = asio::make_work_guard(*io_);
    io_->restart();
    io_->run();
  }
  set_current(outer);
}

void EventLoop::stop() {
  post([this] { io_->stop(); });
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
