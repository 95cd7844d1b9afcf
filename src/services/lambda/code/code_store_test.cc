#include "services/lambda/code/code_store.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/digest.h"
#include "base/encoding.h"
#include "services/lambda/testing/lambda_harness.h"

namespace outcrop::lambda {
namespace {

namespace fs = std::filesystem;

struct CodeFolders : LambdaHarness {
  struct Package {
    std::string sha256, blob;
  };
  Package keep_package(const std::string& zip) { return {hex(sha256(zip)), run(world.blobs.put(zip)).value()}; }
  Result<UnpackedCodeRef> unpack(const Package& package) { return run(code.unpack(package.sha256, package.blob)); }
  std::string root() const { return directory.path + "/code"; }
  static mode_t mode_of(const fs::path& path) {
    struct stat status{};
    ::lstat(path.c_str(), &status);
    return status.st_mode & 07777;
  }
  static std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // What is removed is removed by the pool, which is done with it when it was asked for something else often enough.
  bool goes(const fs::path& path) {
    for (int turns = 0; turns < 10'000 && fs::exists(path); ++turns) run(world.pool.run([] { return true; }));
    return !fs::exists(path);
  }

  CodeStore code{world, directory.path + "/code"};
};

TEST_F(CodeFolders, HoldWhatThePackageHoldsWithoutTheRightToWrite) {
  const Package package = keep_package(ZipMaker()
                                           .add({.name = "lib/tool", .content = "#!/bin/sh\n", .mode = 0100755, .deflate = true})
                                           .add({.name = "index.js", .content = "exports", .mode = 0100600})
                                           .add({.name = "empty/", .mode = 040755})
                                           .add({.name = "link.js", .content = "lib/../index.js", .mode = 0120777})
                                           .finish());
  const fs::path folder = unpack(package).value()->directory;
  EXPECT_EQ(text_of(folder / "lib/tool"), "#!/bin/sh\n");
  EXPECT_EQ(mode_of(folder / "lib/tool"), 0555u);
  EXPECT_EQ(mode_of(folder / "index.js"), 0444u);
  EXPECT_EQ(mode_of(folder / "lib"), 0555u);
  EXPECT_EQ(mode_of(folder), 0555u);
  EXPECT_TRUE(fs::is_directory(folder / "empty"));
  EXPECT_EQ(fs::read_symlink(folder / "link.js"), "lib/../index.js");
}

TEST_F(CodeFolders, AreMadeOnce) {
  const Package package = keep_package(a_package());
  const UnpackedCodeRef first = unpack(package).value();
  EXPECT_EQ(unpack(package).value(), first);
  EXPECT_EQ(first->directory, root() + "/" + package.sha256);
}

TEST_F(CodeFolders, AreNotMadeByHalves) {
  const Package broken = keep_package(ZipMaker().add("a.js", "1").add({.name = "b.js", .content = "2", .wrong_checksum = true}).finish());
  EXPECT_EQ(refusal_of(unpack(broken)), "400 InvalidParameterValueException");
  EXPECT_TRUE(fs::is_empty(root()));
}

TEST_F(CodeFolders, HoldNoLinkThatLeadsOut) {
  for (const char* target : {"/etc/passwd", "../x", "a/../../x"}) {
    const Package package = keep_package(ZipMaker().add({.name = "l", .content = target, .mode = 0120777}).finish());
    EXPECT_THAT(message_of(unpack(package)), testing::HasSubstr("leads out of the package")) << target;
  }
}

TEST_F(CodeFolders, GoWhenNobodyWantsThem) {
  const Package package = keep_package(a_package());
  const std::string folder = unpack(package).value()->directory;
  EXPECT_TRUE(fs::exists(folder));
  run(code.discard(package.sha256));
  EXPECT_TRUE(goes(folder));
}

TEST_F(CodeFolders, StayForWhoeverStillHasThem) {
  const Package package = keep_package(a_package());
  UnpackedCodeRef held = unpack(package).value();
  const std::string folder = held->directory;
  run(code.discard(package.sha256));
  EXPECT_TRUE(fs::exists(folder + "/index.js"));
  held = nullptr;
  EXPECT_TRUE(goes(folder));
  EXPECT_TRUE(fs::exists(unpack(package).value()->directory));
}

TEST_F(CodeFolders, StayWhenTheyAreWantedAgainInTime) {
  const Package package = keep_package(a_package());
  UnpackedCodeRef held = unpack(package).value();
  run(code.discard(package.sha256));
  UnpackedCodeRef again = unpack(package).value();
  held = again = nullptr;
  EXPECT_TRUE(fs::exists(root() + "/" + package.sha256));
}

TEST_F(CodeFolders, OfAServerBeforeAreTakenAsTheyAre) {
  const Package used = keep_package(a_package("1")), unused = keep_package(a_package("2"));
  run(code.start([](std::string_view) -> Task<Result<bool>> { co_return false; })).value();
  unpack(used).value();
  unpack(unused).value();
  fs::create_directories(root() + "/new.1.1/lib");
  CodeStore next(world, root());
  run(next.start([&](std::string_view sha256) -> Task<Result<bool>> { co_return sha256 == used.sha256; })).value();
  EXPECT_TRUE(goes(root() + "/" + unused.sha256));
  EXPECT_TRUE(goes(root() + "/new.1.1"));
  EXPECT_TRUE(fs::exists(root() + "/" + used.sha256 + "/index.js"));
}

// What was not synced may be torn.
TEST_F(CodeFolders, OfAnotherStartOfTheMachineAreMadeAgain) {
  const Package package = keep_package(a_package());
  run(code.start([](std::string_view) -> Task<Result<bool>> { co_return false; })).value();
  unpack(package).value();
  std::ofstream(root() + "/boot") << "another\n";
  CodeStore next(world, root());
  run(next.start([](std::string_view) -> Task<Result<bool>> { co_return true; })).value();
  EXPECT_TRUE(goes(root() + "/" + package.sha256));
}

}  // namespace
}  // namespace outcrop::lambda
