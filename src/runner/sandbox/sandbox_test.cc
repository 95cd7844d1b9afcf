// Sandboxes, with real programs: what a function may do to others, and to the machine. What a machine does not allow is skipped, aloud.
#include "runner/sandbox/sandbox.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/testing/test_world.h"
#include "runner/sandbox/small_file.h"

namespace outcrop::runner {
namespace {

namespace fs = std::filesystem;

struct Mode {
  const char* name;
  bool uses_namespaces, uses_cgroups, uses_own_users;
};

class SandboxTest : public ::testing::TestWithParam<Mode> {
 protected:
  SandboxTest() {
    fs::create_directories(root_ / "code");
    fs::create_directories(root_ / "data");
    fs::permissions(root_, fs::perms(0755));
    std::ofstream(root_ / "code" / "index.mjs") << "code";
    std::ofstream(root_ / "data" / "secret") << "secret";
    fs::permissions(root_ / "data", fs::perms(0700));
    auto probed = world_.run(Sandboxes::probe(world_.world, {.directory = root_ / "temporary",
                                                             .hidden = {root_ / "data"},
                                                             .uses_namespaces = GetParam().uses_namespaces,
                                                             .uses_cgroups = GetParam().uses_cgroups,
                                                             .uses_own_users = GetParam().uses_own_users}));
    check(probed.has_value(), "sandboxes cannot be probed");
    sandboxes_ = std::move(*probed);
  }
  ~SandboxTest() override {
    if (sandbox_) world_.run(sandbox_->remove());
    sandbox_.reset();
    sandboxes_.reset();
    fs::remove_all(root_);
  }

  bool leaves_out(std::string_view text) const {
    return std::ranges::any_of(sandboxes_->left_out(), [&](const std::string& sentence) { return sentence.starts_with(text); });
  }
  bool has_namespaces() const { return !leaves_out("Functions share /tmp"); }
  bool is_kept_apart() const { return has_namespaces() || !leaves_out("Functions run as"); }

  SandboxSpec spec() const { return {.memory_mb = 64, .temporary_mb = 8, .code_directory = root_ / "code", .program = "/bin/sh"}; }

  std::unique_ptr<Process> start(std::string text, std::optional<SandboxSpec> wanted = {}) {
    const SandboxSpec chosen = wanted.value_or(spec());
    auto made = world_.run(sandboxes_->make(chosen));
    check(made.has_value(), made ? "" : made.error().message);
    sandbox_ = std::move(*made);
    ProcessCommand command{.arguments = {"/bin/sh", "-c", std::move(text)},
                           .environment = {{"CODE", root_ / "code"}, {"DATA", root_ / "data"}, {"ROOT", root_}, {"PATH", "/usr/bin:/bin"}},
                           .is_alone = true,
                           .directory = chosen.code_directory,
                           .on_line = [this](std::string_view line) {
                             std::scoped_lock lock(mutex_);
                             lines_.emplace_back(line);
                             changed_.notify_all();
                           }};
    sandbox_->confine(command);
    auto process = world_.run(world_.processes.start(std::move(command)));
    check(process.has_value(), process ? "" : process.error().message);
    return std::move(*process);
  }
  ProcessEnd end_of(Process& process) {
    return world_.run([](Process& process) -> Task<ProcessEnd> { co_return co_await process.ended(); }(process));
  }
  ProcessEnd run(std::string text, std::optional<SandboxSpec> wanted = {}) {
    if (sandbox_) world_.run(sandbox_->remove());
    lines_.clear();
    return end_of(*start(std::move(text), std::move(wanted)));
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

  const fs::path root_ = fs::path(::testing::TempDir()) / ("sandbox_" + std::to_string(getpid()));
  TestWorld world_;
  std::unique_ptr<Sandboxes> sandboxes_;
  std::unique_ptr<Sandbox> sandbox_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

INSTANTIATE_TEST_SUITE_P(All, SandboxTest,
                         ::testing::Values(Mode{"Everything", true, true, true}, Mode{"NoCgroups", true, false, true},
                                           Mode{"NoOwnUsers", true, true, false}, Mode{"NoNamespaces", false, true, true},
                                           Mode{"UsersAlone", false, false, true}, Mode{"Nothing", false, false, false}),
                         [](const auto& info) { return info.param.name; });

// Says what this machine gives, for whoever reads the output of the tests.
TEST_P(SandboxTest, WhatIsLeftOutIsSaid) {
  for (const std::string& sentence : sandboxes_->left_out()) std::cout << "left out: " << sentence << std::endl;
  if (!GetParam().uses_namespaces) EXPECT_FALSE(has_namespaces());
}

TEST_P(SandboxTest, AProgramRunsAndEndsAsItWouldElsewhere) {
  EXPECT_EQ(run("echo hello; cat index.mjs; exit 7").exit_status, 7);
  EXPECT_EQ(lines(), (std::vector<std::string>{"hello", "code"}));
  EXPECT_EQ(run("kill -9 $$").signal, SIGKILL);
}

TEST_P(SandboxTest, TemporaryFilesAreItsOwnAndGo) {
  const std::string mine = root_.filename().string() + "_mine";
  run("echo kept > ${TMPDIR:-/tmp}/" + mine + " && cat ${TMPDIR:-/tmp}/" + mine);
  EXPECT_EQ(lines(), std::vector<std::string>{"kept"});
  EXPECT_FALSE(fs::exists("/tmp/" + mine));
  run("ls ${TMPDIR:-/tmp}");
  EXPECT_EQ(std::ranges::count(lines(), mine), 0);
}

TEST_P(SandboxTest, WhatAKilledServerOfTheSameIdLeftIsRemoved) {
  const fs::path left = root_ / "temporary" / fmt::format("outcrop-{}-1", getpid());
  fs::create_directories(left);
  auto probed = world_.run(Sandboxes::probe(world_.world, {.directory = root_ / "temporary", .uses_cgroups = false}));
  EXPECT_TRUE(probed && !fs::exists(left));
}

TEST_P(SandboxTest, TemporaryFilesAreBounded) {
  const ProcessEnd end =
      run("head -c 20000000 /dev/zero > ${TMPDIR:-/tmp}/large; status=$?; echo full; [ $status = 0 ] && sleep 30; exit $status");
  if (has_namespaces()) {
    EXPECT_EQ(end.exit_status, 1);
    EXPECT_EQ(std::ranges::count(lines(), "full"), 1);
  } else {
    EXPECT_EQ(end.signal, SIGKILL);
    EXPECT_TRUE(sandbox_->was_out_of_storage());
  }
}

TEST_P(SandboxTest, MoreTemporaryFilesThanMemoryAreNoReasonToEnd) {
  if (!has_namespaces()) GTEST_SKIP() << "temporary files are on the disk";
  SandboxSpec wanted = spec();
  wanted.temporary_mb = 256;
  EXPECT_EQ(run("head -c 200000000 /dev/zero > /tmp/large && ls -s /tmp/large > /dev/null && echo written", wanted).exit_status, 0);
  EXPECT_FALSE(sandbox_->was_out_of_memory());
}

TEST_P(SandboxTest, CodeCannotBeWritten) {
  if (!is_kept_apart()) GTEST_SKIP() << "this mode leaves files as they are";
  EXPECT_NE(run("echo other > $CODE/index.mjs").exit_status, 0);
  EXPECT_NE(run("echo other > $CODE/new.mjs").exit_status, 0);
  EXPECT_EQ(read_small_file(root_ / "code" / "index.mjs"), "code");
}

TEST_P(SandboxTest, WhatTheServerKeepsCannotBeRead) {
  if (!is_kept_apart()) GTEST_SKIP() << "this mode leaves files as they are";
  EXPECT_NE(run("cat $DATA/secret").exit_status, 0);
  EXPECT_EQ(std::ranges::count(lines(), "secret"), 0);
}

TEST_P(SandboxTest, CodeInsideWhatTheServerKeepsCanBeRead) {
  fs::create_directories(root_ / "data" / "functions" / "code");
  std::ofstream(root_ / "data" / "functions" / "code" / "index.mjs") << "inner";
  SandboxSpec wanted = spec();
  wanted.code_directory = root_ / "data" / "functions" / "code";
  run("cat $DATA/functions/code/index.mjs", wanted);
  EXPECT_EQ(lines(), std::vector<std::string>{"inner"});
}

TEST_P(SandboxTest, CodeOfAnotherFunctionCannotBeReadByOneThatBringsItsProgram) {
  if (!has_namespaces()) GTEST_SKIP() << "this mode leaves files as they are";
  fs::create_directories(root_ / "data" / "functions" / "code");
  fs::copy_file("/bin/sh", root_ / "data" / "functions" / "code" / "bootstrap");
  std::ofstream(root_ / "data" / "functions" / "other.mjs") << "other";
  SandboxSpec wanted = spec();
  wanted.code_directory = root_ / "data" / "functions" / "code";
  wanted.program = wanted.code_directory + "/bootstrap";
  run("$DATA/functions/code/bootstrap -c 'echo runs'; cat $DATA/functions/other.mjs 2>/dev/null", wanted);
  EXPECT_EQ(lines(), std::vector<std::string>{"runs"});
}

TEST_P(SandboxTest, AProgramThatCannotBeFoundHurtsNobodyElse) {
  SandboxSpec wanted = spec();
  wanted.program = "/tmp/" + std::string(300, 'x');
  auto made = world_.run(sandboxes_->make(wanted));
  ASSERT_TRUE(made);
  world_.run((*made)->remove());
}

TEST_P(SandboxTest, CodeThatOthersCannotEnterIsRunAllTheSame) {
  fs::permissions(root_ / "code", fs::perms(0700));
  EXPECT_EQ(run("cat $CODE/index.mjs").exit_status, 0);
  EXPECT_EQ(lines(), std::vector<std::string>{"code"});
}

TEST_P(SandboxTest, AProgramInAFolderThatOthersCannotEnterIsFound) {
  fs::create_directories(root_ / "private" / "tools" / "bin");
  fs::copy_file("/bin/sh", root_ / "private" / "tools" / "bin" / "shell");
  fs::permissions(root_ / "private", fs::perms(0700));
  SandboxSpec wanted = spec();
  wanted.program = root_ / "private" / "tools" / "bin" / "shell";
  EXPECT_EQ(run("$ROOT/private/tools/bin/shell -c 'exit 6'", wanted).exit_status, 6);
}

TEST_P(SandboxTest, AProgramThatTheCodeShipsIsRunAndOtherFunctionsAreNotSeen) {
  const fs::path functions = root_ / "data" / "functions";
  fs::create_directories(functions / "mine");
  fs::create_directories(functions / "others");
  fs::copy_file("/bin/sh", functions / "mine" / "bootstrap");
  std::ofstream(functions / "others" / "index.mjs") << "theirs";
  fs::permissions(functions, fs::perms(0700));
  SandboxSpec wanted = spec();
  wanted.code_directory = functions / "mine";
  wanted.program = functions / "mine" / "bootstrap";
  EXPECT_EQ(run("$DATA/functions/mine/bootstrap -c 'exit 6'", wanted).exit_status, 6);
  if (has_namespaces()) EXPECT_NE(run("cat $DATA/functions/others/index.mjs", wanted).exit_status, 0);
}

TEST_P(SandboxTest, AsRootItIsNot) {
  if (geteuid() != 0) GTEST_SKIP() << "not root";
  run("id -u; grep -E '^(CapEff|CapPrm|NoNewPrivs)' /proc/self/status | tr -s '\\t\\n' '  '");
  if (GetParam().uses_own_users) EXPECT_GE(std::stoul(lines()[0]), limits::first_user_of_few);
  EXPECT_EQ(lines()[1], "CapPrm: 0000000000000000 CapEff: 0000000000000000 NoNewPrivs: 1 ");
}

TEST_P(SandboxTest, LimitsAreThoseOfLambda) {
  run("ulimit -n; ulimit -c");
  EXPECT_EQ(lines(), (std::vector<std::string>{"1024", "0"}));
}

TEST_P(SandboxTest, OneThatTakesTooMuchMemoryIsKilled) {
  const ProcessEnd end = run("head -c 300000000 /dev/zero | tail | sleep 30");
  EXPECT_TRUE(sandbox_->was_out_of_memory());
  EXPECT_EQ(sandbox_->memory_used_peak(), 64u << 20);
  EXPECT_NE(end.exit_status, 0);
}

TEST_P(SandboxTest, WhatForkedProcessesShareIsCountedOnce) {
  if (!fs::exists("/usr/bin/perl")) GTEST_SKIP() << "no perl to fork in";
  SandboxSpec wanted = spec();
  wanted.memory_mb = 96;
  const ProcessEnd end =
      run("exec perl -e '$x = q(x) x 20000000; for (1..4) { if (!fork) { sleep 1; exit } } 1 while wait > 0; exit 5'", wanted);
  EXPECT_EQ(end.exit_status, 5);
}

TEST_P(SandboxTest, WhatItUsedIsKnown) {
  auto process = start("head -c 20000000 /dev/zero | tail -c 20000000 | (read line; sleep 1000) & sleep 1000");
  const SteadyTime due = world_.clock.steady() + Seconds(30);
  while (sandbox_->memory_used_peak() < (20u << 20) && world_.clock.steady() < due) sched_yield();
  EXPECT_GE(sandbox_->memory_used_peak(), 20u << 20);
  EXPECT_LT(sandbox_->memory_used_peak(), 60u << 20);
  process->signal(SIGKILL);
  end_of(*process);
}

// A marker that no other process of the machine has.
int processes_with(const std::string& argument) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::string line = read_small_file(entry.path() / "cmdline");
    if (leading_number(entry.path().filename().native()) > 0 && line.contains(argument)) ++count;
  }
  return count;
}

TEST_P(SandboxTest, NothingIsLeftNotEvenInASessionOfItsOwn) {
  const std::string length = "1000" + std::to_string(getpid());
  auto process = start("setsid sh -c 'trap \"\" TERM HUP; echo started; exec sleep " + length + "' & sleep " + length);
  wait_for_line();
  process->signal(SIGKILL);
  end_of(*process);
  world_.run(sandbox_->remove());
  const SteadyTime due = world_.clock.steady() + Seconds(10);
  while (processes_with(length) > 0 && world_.clock.steady() < due) sched_yield();
  EXPECT_EQ(processes_with(length), 0);
}

TEST_P(SandboxTest, AForkBombIsBoundedAndGoes) {
  if (leaves_out("The number of a function's processes")) GTEST_SKIP() << "this mode does not bound processes";
  if (geteuid() == 0 && !GetParam().uses_own_users && !GetParam().uses_cgroups) GTEST_SKIP() << "root's processes are not counted";
  const std::string mark = "bomb" + std::to_string(getpid());
  SandboxSpec wanted = spec();
  wanted.processes_max = 20;
  wanted.memory_mb = 512;
  if (!fs::exists("/usr/bin/perl")) GTEST_SKIP() << "no perl to write one in";
  auto process = start("perl -e 'while (1) { fork; select(undef, undef, undef, 0.02) }' " + mark + " & sleep 1000", wanted);
  const SteadyTime due = world_.clock.steady() + Seconds(10);
  int most = 0;
  while (world_.clock.steady() < due && most < 10) most = std::max(most, processes_with(mark));
  EXPECT_GE(most, 10);
  EXPECT_LE(most, 20);
  process->signal(SIGKILL);
  end_of(*process);
  world_.run(sandbox_->remove());
  EXPECT_EQ(processes_with(mark), 0);
}

TEST_P(SandboxTest, OneWithTooManyProcessesIsStopped) {
  SandboxSpec wanted = spec();
  wanted.processes_max = 20;
  const ProcessEnd end = run("for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do sleep 30 & done; wait", wanted);
  EXPECT_NE(end.exit_status, 0);
}

TEST_P(SandboxTest, OtherProcessesAreNotSeen) {
  if (!has_namespaces()) GTEST_SKIP() << "this mode has no processes of its own";
  run("ls /proc | grep -c '^[0-9]'");
  EXPECT_LE(std::stoi(lines().back()), 6);
}

TEST_P(SandboxTest, EachHasAUserOfItsOwn) {
  if (geteuid() != 0 || !GetParam().uses_own_users) GTEST_SKIP() << "one user for all";
  auto one = world_.run(sandboxes_->make(spec()));
  run("id -u");
  const std::string first = lines()[0];
  world_.run((*one)->remove());
  run("id -u");
  EXPECT_NE(lines()[0], first);
}

// As a server that is killed: nobody is there to end what it started.
TEST_P(SandboxTest, WhenTheServerIsKilledItEnds) {
  if (!has_namespaces()) GTEST_SKIP() << "what a function starts outlives a killed server here";
  const std::string length = "2000" + std::to_string(getpid());
  const pid_t server = fork();
  if (server == 0) {
    TestWorld world;
    auto sandboxes = *world.run(Sandboxes::probe(world.world, {.directory = root_ / "temporary"}));
    auto sandbox = *world.run(sandboxes->make(spec()));
    ProcessCommand command{.arguments = {"/bin/sh", "-c", "setsid sleep " + length + " & sleep " + length}};
    sandbox->confine(command);
    auto process = *world.run(world.processes.start(std::move(command)));
    while (processes_with("sleep") == 0 || processes_with(length) < 3) sched_yield();
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(server, &status, 0);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  const SteadyTime due = world_.clock.steady() + Seconds(10);
  while (processes_with(length) > 0 && world_.clock.steady() < due) sched_yield();
  EXPECT_EQ(processes_with(length), 0);
}

}  // namespace
}  // namespace outcrop::runner
