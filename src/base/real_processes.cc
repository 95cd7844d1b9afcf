#include "base/real_processes.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace outcrop {

namespace {

std::unexpected<Fault> not_started(std::string_view program, int error) {
  return fail("ProcessNotStarted", 500,
              std::string(program) + " could not be started: " + std::error_code(error, std::generic_category()).message());
}

// Both ends of a pipe, closed where nobody took them.
struct Pipe {
  Pipe() { check(pipe2(ends.data(), O_CLOEXEC) == 0, "no pipe to be had"); }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(size_t i) {
    if (ends[i] >= 0) close(std::exchange(ends[i], -1));
  }
  int take(size_t i) { return std::exchange(ends[i], -1); }

  std::array<int, 2> ends{-1, -1};
};

// What the child needs, made before the fork: afterwards nothing may be allocated (fork(2) in a program of several threads).
struct Launch {
  explicit Launch(const ProcessCommand& command) : directory(command.directory) {
    for (const std::string& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    for (char** variable = environ; *variable; ++variable) {
      const std::string_view text = *variable;
      const std::string_view name = text.substr(0, text.find('='));
      bool is_replaced = false;
      for (const auto& [added, value] : command.environment) is_replaced |= added == name;
      if (!is_replaced) variables.push_back(*variable);
    }
    for (const auto& [name, value] : command.environment) added.push_back(name + "=" + value);
    for (std::string& variable : added) variables.push_back(variable.data());
    variables.push_back(nullptr);
  }

  std::vector<char*> arguments, variables;
  std::vector<std::string> added;
  const std::string& directory;
};

// In the child: never returns. What fails is told to the parent by its number.
[[noreturn]] void become(const Launch& launch, int output, int report, pid_t parent) {
  auto fail_with = [report](int error) {
    [[maybe_unused]] ssize_t written = write(report, &error, sizeof error);
    _exit(127);
  };
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // it died before it would be noticed
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) fail_with(errno);
  syscall(SYS_close_range, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */);
  if (!launch.directory.empty() && chdir(launch.directory.c_str()) != 0) fail_with(errno);
  execvpe(launch.arguments[0], launch.arguments.data(), launch.variables.data());
  fail_with(errno);
  _exit(127);
}

}  // namespace

// Shared by whoever holds the process and the thread that watches it.
class RealProcesses::Child final : public Process {
 public:
  struct State {
    explicit State(pid_t id) : id(id) {}
    const pid_t id;
    std::mutex mutex;
    std::optional<ProcessEnd> end;                        // guarded by mutex
    std::vector<Completion<ProcessEnd>::Setter> waiting;  // guarded by mutex

    // Who was reaped may have given its number to another.
    void signal(int signal) {
      std::scoped_lock lock(mutex);
      if (!end) kill(-id, signal);
    }
  };

  explicit Child(std::shared_ptr<State> state) : state_(std::move(state)) {}
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

 private:
  std::shared_ptr<State> state_;
};

struct RealProcesses::Watched {
  std::shared_ptr<Child::State> state;
  int pidfd = -1;
  int output = -1;  // or -1: it is at its end
  std::string line = {};
  std::function<void(std::string_view)> on_line;

  ~Watched() {
    close(pidfd);
    if (output >= 0) close(output);
  }
};

RealProcesses::RealProcesses() = default;

RealProcesses::~RealProcesses() {
  {
    std::scoped_lock lock(mutex_);
    if (!thread_.joinable()) return;
  }
  post([this] { closing_ = true; });
  thread_.join();
  close(wake_);
}

void RealProcesses::post(Job job) {
  std::scoped_lock lock(mutex_);
  jobs_.push_back(std::move(job));
  if (!thread_.joinable()) {
    wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    check(wake_ >= 0, "no eventfd to be had");
    thread_ = std::thread([this] { watch(); });
  }
  eventfd_write(wake_, 1);
}

Task<Result<std::unique_ptr<Process>>> RealProcesses::start(ProcessCommand command) {
  check(!command.arguments.empty(), "a process without a program");
  Completion<std::shared_ptr<Started>> started(*Executor::current());
  post([this, command = std::move(command), setter = started.setter()] mutable {
    setter.set(std::make_shared<Started>(spawn(std::move(command))));
  });
  std::shared_ptr<Started> outcome = co_await started;
  co_return std::move(*outcome);
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
  std::vector<pollfd> waits;
  while (!closing_ || !watched_.empty()) {
    waits.assign(1, {.fd = wake_, .events = POLLIN, .revents = 0});
    for (const Watched& child : watched_) {
      waits.push_back({.fd = child.pidfd, .events = POLLIN, .revents = 0});
      waits.push_back({.fd = child.output, .events = POLLIN, .revents = 0});
    }
    if (poll(waits.data(), waits.size(), -1) < 0) continue;
    eventfd_t count;
    eventfd_read(wake_, &count);
    size_t at = 1;
    for (auto child = watched_.begin(); child != watched_.end(); at += 2) {
      if (waits[at + 1].revents != 0) read_output(*child);
      waits[at].revents != 0 && has_ended(*child) ? child = watched_.erase(child) : ++child;
    }
    run_jobs();
    if (closing_) {
      for (const Watched& child : watched_) child.state->signal(SIGKILL);
    }
  }
}

RealProcesses::Started RealProcesses::spawn(ProcessCommand command) {
  const Launch launch(command);
  Pipe output, report;
  const pid_t self = getpid();
  const pid_t id = fork();
  if (id < 0) return not_started(command.arguments[0], errno);
  if (id == 0) become(launch, output.ends[1], report.ends[1], self);
  report.close_end(1);
  output.close_end(1);
  int error = 0;
  if (read(report.ends[0], &error, sizeof error) == sizeof error) {
    waitpid(id, nullptr, 0);
    return not_started(command.arguments[0], error);
  }
  const int pidfd = int(syscall(SYS_pidfd_open, id, 0));
  if (pidfd < 0) {
    error = errno;
    kill(id, SIGKILL);
    waitpid(id, nullptr, 0);
    return not_started(command.arguments[0], error);
  }
  fcntl(output.ends[0], F_SETFL, O_NONBLOCK);
  auto state = std::make_shared<Child::State>(id);
  watched_.emplace_back(state, pidfd, output.take(0), std::string(), std::move(command.on_line));
  return std::make_unique<Child>(std::move(state));
}

// As much as a pipe holds at the most (64 KiB: pipe(7)), so that one that writes without pause does not keep the others waiting.
void RealProcesses::read_output(Watched& child) {
  std::array<char, 4096> part;
  ssize_t count = 0;
  for (int parts = 0; parts < 16 && child.output >= 0 && (count = read(child.output, part.data(), part.size())) > 0; ++parts) {
    for (const char byte : std::string_view(part.data(), size_t(count))) {
      if (byte != '\n') child.line += byte;
      if (byte != '\n' && child.line.size() < line_bytes_max) continue;
      if (child.on_line) child.on_line(child.line);
      child.line.clear();
    }
  }
  if (child.output >= 0 && count <= 0 && (count == 0 || (errno != EAGAIN && errno != EINTR))) close(std::exchange(child.output, -1));
}

// What it wrote before its end is told before its end.
bool RealProcesses::has_ended(Watched& child) {
  int status = 0;
  read_output(child);
  if (child.on_line && !child.line.empty()) child.on_line(std::exchange(child.line, {}));
  std::unique_lock lock(child.state->mutex);
  if (waitpid(child.state->id, &status, WNOHANG) != child.state->id) return false;
  kill(-child.state->id, SIGKILL);  // what it started and left behind
  const ProcessEnd end{.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1, .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
  child.state->end = end;
  const auto waiting = std::exchange(child.state->waiting, {});
  lock.unlock();
  for (const auto& setter : waiting) setter.set(end);
  return true;
}

}  // namespace outcrop
