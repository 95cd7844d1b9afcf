// Who is kept out of what.
#include "runner/sandbox/mounts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace outcrop::runner {
namespace {

namespace fs = std::filesystem;

TEST(Obstacle, IsTheFirstFolderThatOthersCannotEnter) {
  const fs::path root = fs::path(::testing::TempDir()) / ("obstacle_" + std::to_string(getpid()));
  fs::create_directories(root / "closed" / "inner");
  fs::create_directories(root / "open");
  std::ofstream(root / "open" / "file") << "text";
  fs::permissions(root, fs::perms(0755));
  fs::permissions(root / "open", fs::perms(0755));
  fs::permissions(root / "closed", fs::perms(0700));
  const uint32_t stranger = 4'000'000;
  EXPECT_EQ(obstacle(root / "closed" / "inner", stranger), root / "closed");
  EXPECT_EQ(obstacle(root / "closed", stranger), root / "closed");
  EXPECT_EQ(obstacle(root / "closed" / "inner", geteuid()), std::nullopt);
  EXPECT_EQ(obstacle(root / "open" / "file", stranger), std::nullopt);
  EXPECT_EQ(obstacle(root / "missing", stranger), root / "missing");
  fs::remove_all(root);
}

}  // namespace
}  // namespace outcrop::runner
