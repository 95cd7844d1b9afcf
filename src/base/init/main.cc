// The first process of a PID namespace: starts a program there, reaps what the program leaves behind, and tells how the program ended.
// When it goes, the system kills whatever still is in the namespace.
//
// A program of its own because the first process cannot be killed from within, as a program may well want to be, and because it must not
// share this server's memory. It stands on nothing but system calls, so that it begins in no time and is linked with nothing.
//
//   outcrop-init STATUS PROGRAM ARGUMENTS…
//
// To the descriptor STATUS it writes two numbers of 32 bits: 0 when the program runs, or why it does not (errno), and later its wait
// status.
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>

namespace {

#if defined(__x86_64__)
asm(".globl _start\n_start: xor %ebp, %ebp\nmov %rsp, %rdi\nand $-16, %rsp\ncall outcrop_init\n");

inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
  long result;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
asm(".globl _start\n_start: mov x0, sp\nbl outcrop_init\n");

inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return x0;
}
#else
#error "system calls of this processor are not known"
#endif

long address(const void* pointer) { return reinterpret_cast<long>(pointer); }

[[noreturn]] void leave(int status) {
  for (;;) call(SYS_exit_group, status);
}

void tell(int descriptor, int number) { call(SYS_write, descriptor, address(&number), sizeof number); }

int number_of(const char* digits) {
  int number = 0;
  for (; *digits; ++digits) number = number * 10 + (*digits - '0');
  return number;
}

// Nobody is there to be told: the server died before its death would have been noticed.
bool is_orphan(int status) {
  pollfd wait{.fd = status, .events = 0, .revents = 0};
  const long now[2] = {0, 0};
  return call(SYS_ppoll, address(&wait), 1, address(now)) > 0 && (wait.revents & POLLERR);
}

}  // namespace

extern "C" [[noreturn]] void outcrop_init(long* stack) {
  char** arguments = reinterpret_cast<char**>(stack + 1);
  char** environment = arguments + stack[0] + 1;
  const int status = number_of(arguments[1]);
  call(SYS_prctl, PR_SET_DUMPABLE, 0);  // what runs here has our user, and must not speak for us
  if (is_orphan(status)) leave(127);
  call(SYS_fcntl, status, F_SETFD, FD_CLOEXEC);
  const long program = call(SYS_clone, CLONE_VFORK | SIGCHLD);  // returns when the program runs, or has failed to
  if (program == 0) {
    tell(status, int(-call(SYS_execve, address(arguments[2]), address(arguments + 3), address(environment))));
    leave(127);
  }
  tell(status, program < 0 ? int(-program) : 0);
  for (int descriptor = 0; descriptor < 4; ++descriptor) call(SYS_close, descriptor);
  for (;;) {
    int ended = 0;
    const long id = call(SYS_wait4, -1, address(&ended));
    if (id == program) tell(status, ended);
    if (id == program || id == -ECHILD) leave(0);
  }
}
