#include "base/process_launch.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/init_program.h"

// Sanitizers keep books of a thread's calls and stack, which what runs in its memory but not as that thread would upset.
#define OUTCROP_CHILD __attribute__((disable_sanitizer_instrumentation, no_sanitize("address", "undefined")))

namespace outcrop {

namespace {

constexpr size_t stack_bytes = 128 << 10;

struct Launch {
  // `status`: where the first process of its PID namespace tells how the program ends; or -1: it has none.
  Launch(const ProcessCommand& command, int output, int records, int status)
      : confinement(command.confinement.get()), directory(command.directory.c_str()), output(output), records(records), status(status) {
    if (status >= 0) before = {"outcrop-init", std::to_string(status), program_path(command.arguments[0])};
    for (std::string& argument : before) arguments.push_back(argument.data());
    for (const std::string& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    if (!command.is_alone) inherit(command);
    for (const auto& [name, value] : command.environment) added.push_back(name + "=" + value);
    for (std::string& variable : added) variables.push_back(variable.data());
    variables.push_back(nullptr);
  }

  void inherit(const ProcessCommand& command) {
    for (char** variable = environ; *variable; ++variable) {
      const std::string_view text = *variable;
      const std::string_view name = text.substr(0, text.find('='));
      bool is_replaced = false;
      for (const auto& [added, value] : command.environment) is_replaced |= added == name;
      if (!is_replaced) variables.push_back(*variable);
    }
  }

  std::vector<char*> arguments, variables;
  std::vector<std::string> before, added;
  const Confinement* confinement;
  const char* directory;
  const int output, records, status;
  const pid_t parent = getpid();
  Confinement::Refusal refusal = {};  // written by the child
};

// All signals as a new program expects them. Bare calls: the C library would note the handlers of this process, whose memory this is.
OUTCROP_CHILD void reset_signals() {
  struct {
    void* handler = nullptr;  // SIG_DFL
    unsigned long flags = 0;
    void* restorer = nullptr;
    unsigned long mask = 0;
  } const by_default;
  for (int number = 1; number < NSIG; ++number) syscall(SYS_rt_sigaction, number, &by_default, nullptr, sizeof by_default.mask);
  const unsigned long none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none);
}

OUTCROP_CHILD bool set_up_descriptors(const Launch& launch) {
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(launch.output, 1) < 0 || dup2(launch.output, 2) < 0) return false;
  if (launch.records >= 0 && dup2(launch.records, 3) < 0) return false;
  syscall(SYS_close_range, launch.records >= 0 ? 4u : 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */);
  return true;
}

OUTCROP_CHILD Confinement::Refusal become(const Launch& launch) {
  setpgid(0, 0);
  if (launch.confinement) {
    const Confinement::Refusal refusal = launch.confinement->apply();
    if (refusal.error != 0) return refusal;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);                                              // after a change of user, which would take it back
  if (launch.status < 0 && getppid() != launch.parent) return {.error = ESRCH};  // it died before it would be noticed
  if (!set_up_descriptors(launch)) return {.error = errno};
  if (*launch.directory && chdir(launch.directory) != 0) return {.error = errno, .step = "entering its directory"};
  reset_signals();
  if (launch.status < 0) {
    execvpe(launch.arguments[0], launch.arguments.data(), launch.variables.data());
    return {.error = errno};
  }
  fcntl(launch.status, F_SETFD, 0);
  syscall(SYS_execveat, init_program(), "", launch.arguments.data(), launch.variables.data(), AT_EMPTY_PATH);
  return {.error = errno, .step = "running its first process"};
}

OUTCROP_CHILD int run_child(void* argument) {
  Launch& launch = *static_cast<Launch*>(argument);
  launch.refusal = become(launch);
  _exit(127);
}

// No handler of this process may run in a child that shares its memory.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

// A child that changes its user makes the memory it shares one that must not be dumped; the server's stays what it was.
class DumpabilityKept {
 public:
  ~DumpabilityKept() { prctl(PR_SET_DUMPABLE, before_, 0, 0, 0); }

 private:
  const int before_ = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
};

// What the first process of a namespace says of the program: 0, or why it does not run.
int first_word(int status) {
  int error = 0;
  return read(status, &error, sizeof error) == sizeof error ? error : ECHILD;
}

void take_back(Launched& launched) {
  kill(launched.id, SIGKILL);
  waitpid(launched.id, nullptr, 0);
  close(std::exchange(launched.pidfd, -1));
  if (launched.status >= 0) close(std::exchange(launched.status, -1));
}

}  // namespace

std::string program_path(const std::string& program) {
  const char* search = getenv("PATH");
  if (program.find('/') != std::string::npos || !search) return program;
  for (std::string_view rest = search; !rest.empty();) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    const std::string path = std::string(folder.empty() ? "." : folder) + "/" + program;
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return program;
}

Pipe::Pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    error = errno;
    return;
  }
  reader = ends[0];
  writer = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
  if (writer < 0) error = errno;
  close(ends[1]);
}

Pipe::~Pipe() {
  close_writer();
  if (reader >= 0) close(reader);
}

void Pipe::close_writer() {
  if (writer >= 0) close(std::exchange(writer, -1));
}

int Pipe::take_reader() {
  fcntl(reader, F_SETFL, O_NONBLOCK);
  return std::exchange(reader, -1);
}

Launcher::Launcher() : stack_(mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0)) {
  check(stack_ != MAP_FAILED, "no stack to be had");
}

Launcher::~Launcher() { munmap(stack_, stack_bytes); }

Launched Launcher::launch(const ProcessCommand& command, int output, int records) {
  const int namespaces = command.confinement ? command.confinement->namespaces() : 0;
  std::optional<Pipe> status;
  if (namespaces & CLONE_NEWPID) status.emplace();
  if (status && status->error != 0) return {.refusal = {.error = status->error}};
  if (status && init_program() < 0) return {.refusal = {.error = errno, .step = "making its first process"}};
  Launch launch(command, output, records, status ? status->writer : -1);
  Launched launched;
  {
    const SignalsHeld held;
    const DumpabilityKept kept;
    const int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD | namespaces;
    launched.id = clone(run_child, static_cast<char*>(stack_) + stack_bytes, flags, &launch, &launched.pidfd);
  }
  if (launched.id < 0) return {.refusal = {.error = errno, .step = command.confinement ? "making its process" : ""}};
  launched.refusal = launch.refusal;
  if (status && launched.refusal.error == 0) {
    status->close_writer();
    launched.refusal.error = first_word(status->reader);
    launched.status = status->take_reader();
  }
  if (launched.refusal.error != 0) take_back(launched);
  return launched;
}

}  // namespace outcrop
