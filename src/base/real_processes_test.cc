// Programs that are started, watched and ended: real ones, written for the shell.
#include "base/real_processes.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

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
  void drain(Process& process) {
    executor_.run([](Process& process) -> Task<bool> { co_return co_await process.drained(); }(process));
  }
  ProcessEnd end_of(Process& process) {
    return executor_.run([](Process& process) -> Task<ProcessEnd> { co_return co_await process.ended(); }(process));
  }
  std::vector<std::string> lines() {
    std::scoped_lock lock(mutex_);
    return lines_;
  }
  // Until a script made the folder `mark`, which goes.
  void wait_for(const std::string& mark) {
    const SteadyTime due = clock_.steady() + Seconds(30);
    while (rmdir(mark.c_str()) != 0 && clock_.steady() < due) sched_yield();
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

TEST_F(RealProcessesTest, AnEnvironmentMayBeTheCommandsAlone) {
  auto process = start({.arguments = {"/usr/bin/env"}, .environment = {{"GREETING", "hello"}, {"EMPTY", ""}}, .is_alone = true});
  ASSERT_TRUE(process);
  end_of(**process);
  EXPECT_EQ(lines(), (std::vector<std::string>{"GREETING=hello", "EMPTY="}));
}

TEST_F(RealProcessesTest, RecordsComeThroughADescriptorOfTheirOwn) {
  std::string records;  // complete before the end is told
  auto process = start({.arguments = {"/bin/sh", "-c", "printf 'a\\nb' >&3; echo line; ls /proc/self/fd | tr '\\n' ' '"},
                        .on_records = [&records](std::string_view bytes) { records += bytes; }});
  ASSERT_TRUE(process);
  end_of(**process);
  EXPECT_EQ(records, "a\nb");
  EXPECT_EQ(lines(), (std::vector<std::string>{"line", "0 1 2 3 4 "}));
}

TEST_F(RealProcessesTest, WhatWasWrittenBeforeItWasDrainedIsTold) {
  const std::string mark = ::testing::TempDir() + "drained_" + std::to_string(getpid());
  auto process = script("printf 'one\\ntwo'; mkdir " + mark + "; sleep 1000");
  ASSERT_TRUE(process);
  wait_for(mark);
  drain(**process);
  EXPECT_EQ(lines(), (std::vector<std::string>{"one", "two"}));
  (*process)->signal(SIGKILL);
  end_of(**process);
  drain(**process);  // also after its end
  EXPECT_EQ(lines().size(), 2u);
}

TEST_F(RealProcessesTest, DrainingGoesOnAfterWhatWasPostedForItsLines) {
  std::string order;
  auto command = ProcessCommand{.arguments = {"/bin/sh", "-c", "echo line; mkdir $MARK; sleep 1000"},
                                .environment = {{"MARK", ::testing::TempDir() + "posted_" + std::to_string(getpid())}}};
  const std::string mark = command.environment[0].second;
  command.on_line = [&](std::string_view) { executor_.post([&] { order += "line "; }); };
  auto process = executor_.run(processes_.start(std::move(command)));
  ASSERT_TRUE(process);
  wait_for(mark);
  drain(**process);
  EXPECT_EQ(order + "drained", "line drained");
  (*process)->signal(SIGKILL);
  end_of(**process);
}

// One that writes as fast as it can is read only as its executor, which does nothing here meanwhile, comes along.
TEST_F(RealProcessesTest, OneThatWritesWithoutPauseIsHeldBackAndHoldsUpNobody) {
  std::atomic<size_t> told = 0;
  auto noisy = executor_.run(processes_.start({.arguments = {"/usr/bin/yes"}, .on_line = [&told](std::string_view) { ++told; }}));
  ASSERT_TRUE(noisy);
  end_of(**script("exit 0"));
  auto other = script("echo other");
  ASSERT_TRUE(other);
  EXPECT_EQ(wait_for_line(), "other");
  const size_t before = told;
  for (int turn = 0; turn < 20; ++turn) end_of(**script("exit 0"));
  EXPECT_GT(told, before);  // while the executor ran
  (*noisy)->signal(SIGKILL);
  end_of(**other);
  end_of(**noisy);
}

TEST_F(RealProcessesTest, NoMoreIsToldThanAPipeHoldsUntilItsExecutorComesAlong) {
  std::atomic<size_t> told = 0;
  auto noisy = executor_.run(processes_.start({.arguments = {"/usr/bin/yes"}, .on_line = [&told](std::string_view) { ++told; }}));
  ASSERT_TRUE(noisy);
  SimpleExecutor elsewhere(clock_);
  for (int turn = 0; turn < 5; ++turn) {
    auto other = elsewhere.run(processes_.start({.arguments = {"/bin/true"}}));
    elsewhere.run([](Process& process) -> Task<ProcessEnd> { co_return co_await process.ended(); }(**other));
  }
  // Of "y\n": as much as is not yet held back for, and what the pipe held then.
  EXPECT_LE(told, ((32u << 10) + (64u << 10)) / 2);
  (*noisy)->signal(SIGKILL);
  end_of(**noisy);
}

TEST_F(RealProcessesTest, HundredsRunAtATime) {
  std::vector<std::unique_ptr<Process>> processes;
  for (int i = 0; i < 200; ++i) {
    auto process = script("exec sleep 1000");
    ASSERT_TRUE(process) << process.error().message;
    processes.push_back(std::move(*process));
  }
  for (auto& process : processes) process->signal(SIGTERM);
  for (auto& process : processes) EXPECT_EQ(end_of(*process).signal, SIGTERM);
}

class Refusing final : public Confinement {
 public:
  int namespaces() const override { return 0; }
  Refusal apply() const noexcept override { return {.error = EPERM, .step = "locking the door"}; }
};

TEST_F(RealProcessesTest, WithoutDescriptorsLeftAStartIsAFault) {
  ASSERT_EQ(end_of(**script("exit 0")).exit_status, 0);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit none{.rlim_cur = 3, .rlim_max = limit.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  auto process = script("exit 0");
  setrlimit(RLIMIT_NOFILE, &limit);
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().message, "/bin/sh could not be started: Too many open files");
}

TEST_F(RealProcessesTest, AConfinementThatFailsIsAFaultThatSaysWhere) {
  auto process = start({.arguments = {"/bin/true"}, .confinement = std::make_shared<Refusing>()});
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().message, "/bin/true could not be started: locking the door: Operation not permitted");
}

class InPidNamespace final : public Confinement {
 public:
  int namespaces() const override { return CLONE_NEWUSER | CLONE_NEWPID; }
  Refusal apply() const noexcept override { return {}; }
};

class PidNamespaceTest : public RealProcessesTest {
 protected:
  Result<std::unique_ptr<Process>> script(std::string text) { return run({"/bin/sh", "-c", std::move(text)}); }
  Result<std::unique_ptr<Process>> run(std::vector<std::string> arguments) {
    return start({.arguments = std::move(arguments), .confinement = std::make_shared<InPidNamespace>()});
  }
  void SetUp() override {
    auto process = script("exit 0");
    if (!process && process.error().code == "ProcessNotConfined") GTEST_SKIP() << process.error().message;
    ASSERT_TRUE(process) << process.error().message;
    end_of(**process);
  }
};

TEST_F(PidNamespaceTest, AProgramEndsAsItWouldElsewhere) {
  EXPECT_EQ(end_of(**script("exit 7")).exit_status, 7);
  EXPECT_EQ(end_of(**script("kill -9 $$")).signal, SIGKILL);
  EXPECT_EQ(end_of(**script("kill -15 $$")).signal, SIGTERM);
}

TEST_F(PidNamespaceTest, ItIsNotTheFirstProcess) {
  end_of(**script("echo $$ $PPID; ls /proc/self/fd | tr '\\n' ' '"));
  EXPECT_EQ(lines(), (std::vector<std::string>{"2 1", "0 1 2 3 "}));
}

TEST_F(PidNamespaceTest, NothingOutlivesItNotEvenInASessionOfItsOwn) {
  auto process = script("setsid sh -c 'trap \"\" TERM HUP; while :; do echo alive; sleep 0.01; done' & sleep 0.1");
  ASSERT_TRUE(process);
  end_of(**process);
  drain(**process);
  const size_t told = lines().size();
  EXPECT_GT(told, 0u);
  end_of(**script("sleep 0.1"));
  EXPECT_EQ(lines().size(), told);
}

TEST_F(PidNamespaceTest, SignalsReachTheProgram) {
  auto process = script("trap 'exit 3' TERM; echo ready; sleep 1000 & wait");
  ASSERT_TRUE(process);
  wait_for_line();
  EXPECT_EQ(executor_.run(end_process(**process, clock_, Seconds(30))).exit_status, 3);
}

TEST_F(PidNamespaceTest, KilledFromOutsideItEndsBySignal) {
  auto process = script("sleep 1000");
  ASSERT_TRUE(process);
  (*process)->signal(SIGKILL);
  EXPECT_EQ(end_of(**process).signal, SIGKILL);
}

TEST_F(PidNamespaceTest, ProgramsAreLookedForInThePath) {
  EXPECT_EQ(end_of(**run({"false"})).exit_status, 1);
  auto missing = run({"no-such-program-anywhere"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "no-such-program-anywhere could not be started: No such file or directory");
}

class Renicing final : public Confinement {
 public:
  int namespaces() const override { return 0; }
  Refusal apply() const noexcept override { return {.error = setpriority(PRIO_PROCESS, 0, 7) == 0 ? 0 : errno}; }
};

TEST_F(RealProcessesTest, AConfinementIsTheProgramsAlone) {
  auto process = start({.arguments = {"/usr/bin/nice"}, .confinement = std::make_shared<Renicing>()});
  ASSERT_TRUE(process);
  end_of(**process);
  EXPECT_EQ(lines(), std::vector<std::string>{"7"});
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 0);
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
