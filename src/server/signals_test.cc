#include "server/signals.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace outcrop::server {
namespace {

// In a child process, because signals belong to a whole process.
int status_of_child(void (*body)()) {
  pid_t child = fork();
  if (child == 0) {
    alarm(30);
    body();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST(StopSignals, TheFirstIsReturned) {
  int status = status_of_child([] {
    StopSignals signals;
    kill(getpid(), SIGTERM);
    _exit(signals.wait());
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), SIGTERM);
}

TEST(StopSignals, TheSecondEndsTheProcess) {
  int status = status_of_child([] {
    StopSignals signals;
    kill(getpid(), SIGINT);
    signals.wait();
    kill(getpid(), SIGINT);
    for (;;) pause();
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
}

TEST(StopSignals, AClosedPipeIsAnErrorCode) {
  int status = status_of_child([] {
    StopSignals signals;
    int ends[2];
    if (pipe(ends) != 0) _exit(2);
    close(ends[0]);
    _exit(write(ends[1], "x", 1) == -1 && errno == EPIPE ? 0 : 1);
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace outcrop::server
