// Programs that are started, watched and ended: real ones, written for the shell.
#include "base/real_processes.h"

#include <gtest/gtest.h>

#include <csignal>

#include "base/simple_executor.h"

namespace outcrop {
namespace {

class RealProcessesTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Process>> start(ProcessCommand command) {
    command.on_line = [this](std::string_view line) {
      std::scoped_lock lock(mutex_);
      lines_.emplace_back(line);
      changed_.notify_all();
    };
    return executor_.run(processes_.start(std::move(command)));
  }
  Result<std::unique_ptr<Process>> script(std::string text) { return start({.arguments = {"/bin/sh", "-c", std::move(text)}}); }
  ProcessEnd end_of(Process& process) {
    return executor_.run([](Process& process) -> Task<ProcessEnd> { co_return co_await process.ended(); }(process));
  }
  std::vector<std::string> lines() {
    std::scoped_lock lock(mutex_);
    return lines_;
  }
  std::string wait_for_line() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, Seconds(30), [&] { return !lines_.empty(); });
    return lines_.empty() ? "" : lines_.front();
  }

  RealClock clock_;
  SimpleExecutor executor_{clock_};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  RealProcesses processes_;
};

TEST_F(RealProcessesTest, AProgramsLinesAndItsStatusAreTold) {
  auto process = script("echo one; echo two >&2; printf three; exit 7");
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_EQ(end_of(**process).exit_status, 7);
  EXPECT_EQ(lines(), (std::vector<std::string>{"one", "two", "three"}));
}

TEST_F(RealProcessesTest, ALineWithoutAnEndIsToldInParts) {
  auto process = script("head -c 20000 /dev/zero | tr '\\0' x");
  ASSERT_TRUE(process);
  EXPECT_EQ(end_of(**process).text(), "status 0");
  ASSERT_EQ(lines().size(), 3u);
  EXPECT_EQ(lines()[0].size(), line_bytes_max);
}

TEST_F(RealProcessesTest, WhatCannotBeStartedIsAFault) {
  auto process = start({.arguments = {"/nowhere/at-all"}});
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().code, "ProcessNotStarted");
  EXPECT_NE(process.error().message.find("No such file"), std::string::npos);
}

TEST_F(RealProcessesTest, EnvironmentAndDirectoryAreThoseOfTheCommand) {
  auto process = start({.arguments = {"/bin/sh", "-c", "echo $GREETING $HOME; pwd"},
                        .environment = {{"GREETING", "hello"}, {"HOME", "/elsewhere"}},
                        .directory = "/"});
  ASSERT_TRUE(process);
  end_of(**process);
  EXPECT_EQ(lines(), (std::vector<std::string>{"hello /elsewhere", "/"}));
}

TEST_F(RealProcessesTest, ItHasNothingToReadAndNoDescriptorsOfOurs) {
  auto process = script("cat; ls /proc/self/fd | tr '\\n' ' '");
  ASSERT_TRUE(process);
  end_of(**process);
  EXPECT_EQ(lines(), (std::vector<std::string>{"0 1 2 3 "}));  // 3: the folder that ls reads
}

TEST_F(RealProcessesTest, ASignalReachesItsWholeGroup) {
  auto process = script("sleep 1000 & echo $!; wait");
  ASSERT_TRUE(process);
  const pid_t grandchild = pid_t(std::stol(wait_for_line()));
  (*process)->signal(SIGTERM);
  EXPECT_EQ(end_of(**process).signal, SIGTERM);
  // Its parent is gone, so that whoever reaps orphans has it, or will.
  while (kill(grandchild, 0) == 0) {
    siginfo_t info{};
    if (waitid(P_PID, id_t(grandchild), &info, WEXITED | WNOHANG) != 0) break;
  }
}

TEST_F(RealProcessesTest, OneThatDoesNotEndWhenAskedIsEndedAfterAGrace) {
  auto process = script("trap '' TERM; echo ready; sleep 1000");
  ASSERT_TRUE(process);
  wait_for_line();
  EXPECT_EQ(executor_.run(end_process(**process, clock_, Milliseconds(20))).signal, SIGKILL);
}

TEST_F(RealProcessesTest, OneThatEndsWhenAskedIsNotKilled) {
  auto process = script("trap 'exit 3' TERM; echo ready; sleep 1000 & wait");
  ASSERT_TRUE(process);
  wait_for_line();
  EXPECT_EQ(executor_.run(end_process(**process, clock_, Seconds(30))).exit_status, 3);
}

TEST(RealProcesses, WhatStillRunsIsKilledAtTheEnd) {
  RealClock clock;
  SimpleExecutor executor(clock);
  std::unique_ptr<Process> process;
  {
    RealProcesses processes;
    process = std::move(*executor.run(processes.start({.arguments = {"/bin/sh", "-c", "sleep 1000"}})));
  }
  auto ended = [](Process& process) -> Task<ProcessEnd> { co_return co_await process.ended(); };
  EXPECT_EQ(executor.run(ended(*process)).signal, SIGKILL);
}

}  // namespace
}  // namespace outcrop
