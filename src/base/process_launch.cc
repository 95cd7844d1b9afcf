#include "base/process_launch.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/check.h"

// Sanitizers keep books of a thread's calls and stack, which what runs in its memory but not as that thread would upset.
#define OUTCROP_CHILD __attribute__((disable_sanitizer_instrumentation, no_sanitize("address", "undefined")))

namespace outcrop {

namespace {

constexpr size_t stack_bytes = 128 << 10;

struct Launch {
  Launch(const ProcessCommand& command, int output, int records)
      : confinement(command.confinement.get()), directory(command.directory.c_str()), output(output), records(records) {
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
  std::vector<std::string> added;
  const Confinement* confinement;
  const char* directory;
  const int output, records;
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

// Whether the parent died before its death would be noticed. In a PID namespace of one's own it has no number.
OUTCROP_CHILD bool is_orphan(const Launch& launch) {
  const bool is_in_own_namespace = launch.confinement && (launch.confinement->namespaces() & CLONE_NEWPID);
  return !is_in_own_namespace && getppid() != launch.parent;
}

OUTCROP_CHILD Confinement::Refusal become(const Launch& launch) {
  setpgid(0, 0);
  if (launch.confinement) {
    const Confinement::Refusal refusal = launch.confinement->apply();
    if (refusal.error != 0) return refusal;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // after a change of user, which would take it back
  if (is_orphan(launch)) return {.error = ESRCH};
  if (!set_up_descriptors(launch)) return {.error = errno};
  if (*launch.directory && chdir(launch.directory) != 0) return {.error = errno, .step = "entering its directory"};
  reset_signals();
  execvpe(launch.arguments[0], launch.arguments.data(), launch.variables.data());
  return {.error = errno};
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

}  // namespace

Pipe::Pipe() {
  std::array<int, 2> ends{};
  check(pipe2(ends.data(), O_CLOEXEC) == 0, "no pipe to be had");
  reader = ends[0];
  writer = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
  close(ends[1]);
  check(writer >= 0, "no descriptor to be had");
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
  Launch launch(command, output, records);
  const SignalsHeld held;
  Launched launched;
  const int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD | (launch.confinement ? launch.confinement->namespaces() : 0);
  launched.id = clone(run_child, static_cast<char*>(stack_) + stack_bytes, flags, &launch, &launched.pidfd);
  if (launched.id < 0) launched.refusal = {.error = errno, .step = launch.confinement ? "making its process" : ""};
  if (launch.refusal.error != 0) {
    launched.refusal = launch.refusal;
    waitpid(launched.id, nullptr, 0);
    close(launched.pidfd);
  }
  return launched;
}

}  // namespace outcrop
