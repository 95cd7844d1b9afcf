#include "base/machine_memory.h"

#include <gtest/gtest.h>
#include <stdlib.h>
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

  void limit(const std::string& group, const std::string& text) {
    std::filesystem::create_directories(root_ + group);
    std::ofstream(root_ + group + "/memory.max") << text << "\n";
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
}

TEST(MachineMemory, IsWhatTheSystemHasOrLess) {
  const uint64_t machine = uint64_t(sysconf(_SC_PHYS_PAGES)) * uint64_t(sysconf(_SC_PAGESIZE));
  EXPECT_GT(usable_memory_bytes(), 0u);
  EXPECT_LE(usable_memory_bytes(), machine);
}

}  // namespace
}  // namespace outcrop
