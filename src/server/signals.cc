#include "server/signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

#include "base/check.h"

namespace outcrop::server {

namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

}  // namespace

StopSignals::StopSignals() {
  signal(SIGPIPE, SIG_IGN);
  sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  descriptor_ = signalfd(-1, &set, SFD_CLOEXEC);
  check(descriptor_ >= 0, "signalfd failed");
}

StopSignals::~StopSignals() { close(descriptor_); }

int StopSignals::wait() {
  signalfd_siginfo info{};
  while (read(descriptor_, &info, sizeof info) != sizeof info) check(errno == EINTR, "reading a signal failed");
  // With the default action back, a second signal needs no code of ours, whatever state we are in.
  sigset_t set = stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  return int(info.ssi_signo);
}

}  // namespace outcrop::server
