// Where groups can be made, in both versions of the system's interface, laid out as folders and files.
#include "runner/sandbox/cgroup.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "runner/sandbox/small_file.h"

namespace outcrop::runner {
namespace {

namespace fs = std::filesystem;

class CgroupsTest : public ::testing::Test {
 protected:
  ~CgroupsTest() override { fs::remove_all(root_); }

  void file(const std::string& path, std::string_view text = "") {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  std::string text_of(const std::string& path) const { return read_small_file(root_ / path); }
  Result<Cgroups> find() { return Cgroups::find(root_, root_ / "self"); }

  const fs::path root_ = fs::path(::testing::TempDir()) / ("cgroups_" + std::to_string(getpid()));
};

TEST_F(CgroupsTest, InVersionTwoControllersAreHandedToWhatLiesBelow) {
  file("self", "0::/system.slice/outcrop.service\n");
  file("cgroup.controllers", "cpu memory pids\n");
  file("system.slice/outcrop.service/cgroup.controllers", "cpu memory pids\n");
  file("system.slice/outcrop.service/cgroup.procs");
  file("system.slice/outcrop.service/cgroup.subtree_control");
  ASSERT_TRUE(find());
  EXPECT_EQ(text_of("system.slice/outcrop.service/cgroup.subtree_control"), "+memory +pids");
}

TEST_F(CgroupsTest, InVersionTwoNothingIsAskedForThatIsThere) {
  file("self", "0::/\n");
  file("cgroup.controllers", "memory pids\n");
  file("cgroup.procs");
  file("cgroup.subtree_control", "cpu memory pids\n");
  ASSERT_TRUE(find());
  EXPECT_EQ(text_of("cgroup.subtree_control"), "cpu memory pids\n");
}

TEST_F(CgroupsTest, WhereMemoryIsNotHandedDownThereAreNone) {
  file("self", "0::/\n");
  file("cgroup.controllers", "cpu pids\n");
  file("cgroup.procs");
  const auto found = find();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "memory and pids are not handed to " + root_.string());
}

TEST_F(CgroupsTest, InVersionOneMemoryAndPidsHaveTrees) {
  file("self", "8:pids:/\n4:cpu,memory:/jobs/7\n0::/\n");
  file("memory/jobs/7/cgroup.procs");
  file("pids/cgroup.procs");
  const auto found = find();
  ASSERT_TRUE(found) << found.error().message;
  auto group = found->make("outcrop-1-1", 1000, 5);
  ASSERT_TRUE(group) << group.error().message;
  EXPECT_TRUE(fs::exists(root_ / "memory/jobs/7/outcrop-1-1"));
  EXPECT_TRUE(fs::exists(root_ / "pids/outcrop-1-1"));
  (*group)->remove();
  EXPECT_FALSE(fs::exists(root_ / "pids/outcrop-1-1"));
}

// Its path may be one of the host's.
TEST_F(CgroupsTest, InAContainerTheRootIsItsOwn) {
  file("self", "8:pids:/docker/abc\n4:memory:/docker/abc\n");
  file("memory/cgroup.procs");
  file("pids/cgroup.procs");
  const auto found = find();
  ASSERT_TRUE(found) << found.error().message;
  auto group = found->make("outcrop-1-1", 1000, 5);
  ASSERT_TRUE(group) << group.error().message;
  EXPECT_TRUE(fs::exists(root_ / "memory/outcrop-1-1"));
  (*group)->remove();
}

TEST_F(CgroupsTest, WithoutAnyThereAreNone) { EXPECT_FALSE(find()); }

TEST(SmallFiles, NumbersAreFoundByTheNameThatBeginsTheirLine) {
  EXPECT_EQ(number_named("under_oom_kill 3\noom_kill 2\n", "oom_kill"), 2u);
  EXPECT_EQ(number_named("RssAnon:\t    512 kB\n", "RssAnon"), 512u);
  EXPECT_EQ(number_named("oom 1\n", "oom_kill"), 0u);
}

}  // namespace
}  // namespace outcrop::runner
