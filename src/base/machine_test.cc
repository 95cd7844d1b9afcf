#include "base/machine.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>

namespace outcrop {
namespace {

constexpr uint64_t no_limit = std::numeric_limits<uint64_t>::max();

class Groups : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = testing::TempDir() + "groups-XXXXXX";
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    root_ = path;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void limit(const std::string& group, const std::string& text, const std::string& file = "memory.max") {
    std::filesystem::create_directories(root_ + group);
    std::ofstream(root_ + group + "/" + file) << text << "\n";
  }

  uint64_t processors_of(const std::string& text) {
    limit("/a", text, "cpu.max");
    return processor_limit_of_groups("0::/a\n", root_);
  }

  std::string root_;
};

TEST_F(Groups, TheLeastLimitOnTheWayUpCounts) {
  limit("/a", "4096");
  limit("/a/b", "8192");
  limit("/a/b/c", "max");
  EXPECT_EQ(memory_limit_of_groups("0::/a/b/c\n", root_), 4096u);
  limit("/a/b", "1024");
  EXPECT_EQ(memory_limit_of_groups("0::/a/b/c\n", root_), 1024u);
  EXPECT_EQ(memory_limit_of_groups("0::/a\n", root_), 4096u);
}

TEST_F(Groups, AContainerSeesItsOwnGroupAsTheRoot) {
  limit("", "65536");
  EXPECT_EQ(memory_limit_of_groups("0::/\n", root_), 65536u);
}

TEST_F(Groups, VersionTwoIsFoundAmongOthers) {
  limit("/a", "4096");
  limit("/x", "1");
  EXPECT_EQ(memory_limit_of_groups("4:memory:/x\n1:cpu:/x\n0::/a\n", root_), 4096u);
}

TEST_F(Groups, WithoutGroupsOrFilesThereIsNoLimit) {
  EXPECT_EQ(memory_limit_of_groups("", root_), no_limit);
  EXPECT_EQ(memory_limit_of_groups("4:memory:/x\n", root_), no_limit);
  EXPECT_EQ(memory_limit_of_groups("0::/gone/below", root_), no_limit);
  EXPECT_EQ(processor_limit_of_groups("0::/gone/below", root_), no_limit);
}

TEST_F(Groups, APartOfAProcessorCountsAsOne) {
  EXPECT_EQ(processors_of("200000 100000"), 2u);
  EXPECT_EQ(processors_of("250000 100000"), 3u);
  EXPECT_EQ(processors_of("50000 100000"), 1u);
  EXPECT_EQ(processors_of("max 100000"), no_limit);
  EXPECT_EQ(processors_of("200000"), no_limit);
  EXPECT_EQ(processors_of("200000 0"), no_limit);
}

TEST_F(Groups, TheLeastLimitOfProcessorsCounts) {
  limit("/a", "400000 100000", "cpu.max");
  limit("/a/b", "800000 100000", "cpu.max");
  EXPECT_EQ(processor_limit_of_groups("0::/a/b\n", root_), 4u);
}

TEST(Machine, MemoryIsWhatTheSystemHasOrLess) {
  const uint64_t machine = uint64_t(sysconf(_SC_PHYS_PAGES)) * uint64_t(sysconf(_SC_PAGESIZE));
  EXPECT_GT(usable_memory_bytes(), 0u);
  EXPECT_LE(usable_memory_bytes(), machine);
}

// Of the thread that asks.
TEST(Machine, ProcessorsAreThoseItMayRunOn) {
  EXPECT_GE(usable_processors(), 1u);
  cpu_set_t before, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(usable_processors(), 1u);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(Machine, DescriptorsAreThoseItMayHave) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit fewer{.rlim_cur = before.rlim_cur - 1, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &fewer), 0);
  EXPECT_EQ(usable_descriptors(), before.rlim_cur - 1);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace outcrop
