#include "base/real_processes.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>

namespace outcrop {

namespace {

// As much as a pipe holds (pipe(7)): what is told at a time of one program.
constexpr size_t read_bytes_max = 64 << 10;

std::unexpected<Fault> not_started(std::string_view program, const Confinement::Refusal& refusal) {
  const std::string reason = std::error_code(refusal.error, std::generic_category()).message();
  const std::string step = *refusal.step ? std::string(refusal.step) + ": " : "";
  return fail(*refusal.step ? "ProcessNotConfined" : "ProcessNotStarted", 500,
              std::string(program) + " could not be started: " + step + reason);
}

size_t bytes_waiting(int descriptor) {
  int count = 0;
  return descriptor >= 0 && ioctl(descriptor, FIONREAD, &count) == 0 ? size_t(count) : 0;
}

}  // namespace

// Shared by whoever holds the process and the thread that watches it.
struct RealProcesses::State {
  State(pid_t id, int output, int records) : id(id), output(output), records(records) {}
  State(const State&) = delete;
  ~State() {
    close(output);
    if (records >= 0) close(records);
  }

  // Who was reaped may have given its number to another.
  void signal(int signal) {
    std::scoped_lock lock(mutex);
    if (!end) kill(-id, signal);
  }
  // In this order: what was read since is untold until it was told.
  bool is_all_told() const { return bytes_waiting(output) == 0 && bytes_waiting(records) == 0 && !has_untold; }

  const pid_t id;
  const int output, records;  // to read; records may be -1
  std::atomic<bool> has_untold = false;
  Watched* watched = nullptr;  // the watcher's alone; null once it has ended
  std::mutex mutex;
  std::optional<ProcessEnd> end;                        // guarded by mutex
  std::vector<Completion<ProcessEnd>::Setter> waiting;  // guarded by mutex
};

class RealProcesses::Child final : public Process {
 public:
  Child(RealProcesses& processes, std::shared_ptr<State> state) : processes_(processes), state_(std::move(state)) {}
  ~Child() override {
    std::scoped_lock lock(state_->mutex);
    check(state_->end.has_value(), "a process was let go before it ended");
  }

  pid_t id() const override { return state_->id; }
  void signal(int signal) override { state_->signal(signal); }
  Completion<ProcessEnd> ended() override {
    Completion<ProcessEnd> completion(*Executor::current());
    std::scoped_lock lock(state_->mutex);
    if (state_->end) completion.setter().set(*state_->end);
    if (!state_->end) state_->waiting.push_back(completion.setter());
    return completion;
  }
  // Mostly there is nothing to tell, and no need to ask the other thread.
  Completion<bool> drained() override {
    Completion<bool> completion(*Executor::current());
    std::scoped_lock lock(state_->mutex);
    if (state_->end || state_->is_all_told()) {
      Executor::current()->post([setter = completion.setter()] { setter.set(true); });
    } else {
      processes_.post([&processes = processes_, state = state_, setter = completion.setter()] {
        if (state->watched) processes.drain(*state->watched);
        setter.set(true);
      });
    }
    return completion;
  }

 private:
  RealProcesses& processes_;
  std::shared_ptr<State> state_;
};

// What epoll tells of.
struct RealProcesses::Source {
  enum class Kind { end, output, records };
  Watched* child;
  Kind kind;
  int descriptor;  // or -1
  bool is_watched = false;
};

struct RealProcesses::Watched {
  Watched(std::shared_ptr<State> state, const Launched& launched, Executor& home)
      : state(std::move(state)), home(home), status(launched.status) {
    end.descriptor = launched.pidfd;
  }
  ~Watched() {
    close(end.descriptor);
    if (status >= 0) close(status);
  }

  void tell_lines(std::string_view bytes);
  void tell_rest() {
    if (!line.empty() && on_line) on_line(line);
    line.clear();
  }

  std::shared_ptr<State> state;
  Executor& home;    // it was started from
  const int status;  // Launched::status
  Source end{this, Source::Kind::end, -1};
  Source output{this, Source::Kind::output, state->output};
  Source records{this, Source::Kind::records, state->records};
  std::string line = {};
  size_t told_bytes = 0;  // since its executor last came along
  std::function<void(std::string_view)> on_line = {}, on_records = {};
};

void RealProcesses::Watched::tell_lines(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, std::min(bytes.find('\n'), line_bytes_max - line.size()));
    line += part;
    bytes.remove_prefix(part.size());
    const bool is_complete = bytes.starts_with('\n');
    if (!is_complete && line.size() < line_bytes_max) return;
    if (is_complete) bytes.remove_prefix(1);
    if (on_line) on_line(line);
    line.clear();
  }
}

RealProcesses::RealProcesses() = default;

RealProcesses::~RealProcesses() {
  {
    std::scoped_lock lock(mutex_);
    closing_ = true;
    if (!has_begun_) return;
  }
  wake_starter_.notify_one();
  starter_.join();
  close(epoll_);
  close(wake_);
}

void RealProcesses::begin() {
  if (std::exchange(has_begun_, true)) return;
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  check(wake_ >= 0 && epoll_ >= 0, "no descriptor to be had");
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  check(epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) == 0, "an eventfd cannot be watched");
  watcher_ = std::thread([this] { watch(); });
  starter_ = std::thread([this] { serve_starts(); });
}

Task<Result<std::unique_ptr<Process>>> RealProcesses::start(ProcessCommand command) {
  check(!command.arguments.empty(), "a process without a program");
  Executor& home = *Executor::current();
  Completion<Started> started(home);
  {
    std::scoped_lock lock(mutex_);
    begin();
    starts_.push_back([this, &home, command = std::move(command), setter = started.setter()](Launcher& launcher) mutable {
      setter.set(spawn(command, home, launcher));
    });
  }
  wake_starter_.notify_one();
  co_return co_await started;
}

// It ends after the watcher, because the system kills what a thread started when that thread ends.
void RealProcesses::serve_starts() {
  Launcher launcher;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_starter_.wait(lock, [this] { return closing_ || !starts_.empty(); });
    if (starts_.empty()) break;
    auto start = std::move(starts_.front());
    starts_.pop_front();
    lock.unlock();
    start(launcher);
    lock.lock();
  }
  all_started_ = true;
  lock.unlock();
  eventfd_write(wake_, 1);
  watcher_.join();
}

RealProcesses::Started RealProcesses::spawn(ProcessCommand& command, Executor& home, Launcher& launcher) {
  Pipe output;
  std::optional<Pipe> records;
  if (command.on_records) records.emplace();
  if (const int error = records && output.error == 0 ? records->error : output.error)
    return not_started(command.arguments[0], {.error = error});
  const Launched launched = launcher.launch(command, output.writer, records ? records->writer : -1);
  if (launched.refusal.error != 0) return not_started(command.arguments[0], launched.refusal);
  if (command.confinement) command.confinement->started(launched.id);
  auto state = std::make_shared<State>(launched.id, output.take_reader(), records ? records->take_reader() : -1);
  auto child = std::make_unique<Watched>(state, launched, home);
  child->on_line = std::move(command.on_line);
  child->on_records = std::move(command.on_records);
  post([this, child = std::move(child)] mutable { adopt(std::move(child)); });
  return std::make_unique<Child>(*this, std::move(state));
}

void RealProcesses::post(Job job) {
  std::scoped_lock lock(mutex_);
  jobs_.push_back(std::move(job));
  if (jobs_.size() == 1) eventfd_write(wake_, 1);
}

void RealProcesses::run_jobs() {
  std::deque<Job> jobs;
  {
    std::scoped_lock lock(mutex_);
    jobs.swap(jobs_);
  }
  for (Job& job : jobs) job();
}

// Ends when it is told to and everything it watched has ended.
void RealProcesses::watch() {
  std::array<epoll_event, 64> events;
  bool is_closing = false;
  while (!is_closing || !watched_.empty()) {
    const int count = epoll_wait(epoll_, events.data(), int(events.size()), -1);
    std::vector<Watched*> ended;
    for (int i = 0; i < count; ++i) {
      auto* source = static_cast<Source*>(events[size_t(i)].data.ptr);
      eventfd_t wakes;
      if (!source) {
        eventfd_read(wake_, &wakes);
      } else if (source->kind == Source::Kind::end) {
        ended.push_back(source->child);
      } else {
        read_source(*source);
      }
    }
    for (Watched* child : ended) {
      if (has_ended(*child)) watched_.remove_if([child](const auto& one) { return one.get() == child; });
    }
    run_jobs();
    {
      std::scoped_lock lock(mutex_);
      is_closing = all_started_;
    }
    for (const auto& child : watched_) {
      if (is_closing) child->state->signal(SIGKILL);
    }
  }
  run_jobs();
}

void RealProcesses::adopt(std::unique_ptr<Watched> child) {
  child->state->watched = child.get();
  for (Source* source : {&child->end, &child->output, &child->records}) watch_source(*source, true);
  watched_.push_back(std::move(child));
}

void RealProcesses::watch_source(Source& source, bool is_watched) {
  if (source.descriptor < 0 || source.is_watched == is_watched) return;
  epoll_event event{.events = EPOLLIN, .data = {.ptr = &source}};
  const int operation = is_watched ? EPOLL_CTL_ADD : EPOLL_CTL_DEL;
  check(epoll_ctl(epoll_, operation, source.descriptor, &event) == 0, "a process cannot be watched");
  source.is_watched = is_watched;
}

// As much as the pipe holds, so that one that writes without pause does not keep the others waiting.
void RealProcesses::read_source(Source& source) {
  Watched& child = *source.child;
  if (source.descriptor < 0) return;
  read_.resize(read_bytes_max);
  child.state->has_untold = true;
  const ssize_t count = read(source.descriptor, read_.data(), read_.size());
  const std::string_view bytes(read_.data(), size_t(std::max<ssize_t>(count, 0)));
  if (source.kind == Source::Kind::output) child.tell_lines(bytes);
  if (source.kind == Source::Kind::records && child.on_records && !bytes.empty()) child.on_records(bytes);
  child.state->has_untold = !child.line.empty();
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
    watch_source(source, false);
    source.descriptor = -1;
  }
  child.told_bytes += bytes.size();
  if (child.told_bytes > read_bytes_max / 2) wait_for_home(child);
}

// Who writes faster than it is read waits until its executor has seen what was told: what is on its way to there is bounded.
void RealProcesses::wait_for_home(Watched& child) {
  watch_source(child.output, false);
  watch_source(child.records, false);
  child.home.post([this, state = child.state] {
    std::scoped_lock lock(state->mutex);
    if (state->end) return;  // and this may be gone
    post([this, state] {
      if (!state->watched) return;
      state->watched->told_bytes = 0;
      watch_source(state->watched->output, true);
      watch_source(state->watched->records, true);
    });
  });
}

void RealProcesses::drain(Watched& child) {
  for (Source* source : {&child.output, &child.records}) {
    if (bytes_waiting(source->descriptor) > 0) read_source(*source);
  }
  child.tell_rest();
  child.state->has_untold = false;
}

// What it wrote before its end is told before its end; how the program ended counts more than how the first process of its namespace did.
// What it started and left behind is killed while its number is still its own.
bool RealProcesses::has_ended(Watched& child) {
  kill(-child.state->id, SIGKILL);
  drain(child);
  watch_source(child.output, false);
  watch_source(child.records, false);
  int status = 0;
  std::unique_lock lock(child.state->mutex);
  if (waitpid(child.state->id, &status, WNOHANG) != child.state->id) return false;
  if (int told = 0; child.status >= 0 && read(child.status, &told, sizeof told) == sizeof told) status = told;
  watch_source(child.end, false);
  child.state->watched = nullptr;
  const ProcessEnd end{.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1, .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
  child.state->end = end;
  const auto waiting = std::exchange(child.state->waiting, {});
  lock.unlock();
  for (const auto& setter : waiting) setter.set(end);
  return true;
}

}  // namespace outcrop
