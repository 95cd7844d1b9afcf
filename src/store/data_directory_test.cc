// Lock, format and identity of the data directory.
#include "store/data_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "store/testing/test_store.h"

namespace outcrop::store {
namespace {

class DataDirectoryTest : public testing::Test {
 protected:
  std::string path() const { return parent.path() + "/outcrop/data"; }
  Result<DataDirectory> open() { return DataDirectory::open(path(), random); }
  void write_format(std::string_view text) { std::ofstream(path() + "/FORMAT", std::ios::trunc) << text; }

  TemporaryDirectory parent;
  SystemRandom random;
};

TEST_F(DataDirectoryTest, IsMadeForItsOwnerOnly) {
  auto directory = open();
  ASSERT_TRUE(directory.has_value()) << directory.error().message;
  EXPECT_TRUE(directory->is_fresh());
  struct stat status;
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(DataDirectoryTest, KeepsItsIdentity) {
  auto first = open();
  const std::string id = first->instance_id(), salt = first->salt();
  EXPECT_EQ(id.size(), 36u);
  EXPECT_EQ(salt.size(), 32u);
  first = fail("", 0, "");  // closes it
  auto second = open();
  ASSERT_TRUE(second.has_value());
  EXPECT_FALSE(second->is_fresh());
  EXPECT_EQ(second->instance_id(), id);
  EXPECT_EQ(second->salt(), salt);
}

TEST_F(DataDirectoryTest, ASecondHolderIsToldWhoTheFirstIs) {
  auto first = open();
  ASSERT_TRUE(first.has_value());
  auto second = open();
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find(fmt::format("in use by process {}", ::getpid())), std::string::npos) << second.error().message;
}

TEST_F(DataDirectoryTest, ANewerFormatIsRefusedClearly) {
  (void)open();
  write_format("format 2\ninstance x\n");
  auto newer = open();
  ASSERT_FALSE(newer.has_value());
  EXPECT_NE(newer.error().message.find("has format 2, written by a newer release; this one reads up to 1"), std::string::npos)
      << newer.error().message;
}

TEST_F(DataDirectoryTest, ADamagedFormatIsRefused) {
  (void)open();
  for (std::string_view text : {"", "format\n", "format one\n", "format 1\n", "format 1\ninstance a\nsalt 00\n", "\n\n\n"}) {
    write_format(text);
    EXPECT_FALSE(open().has_value()) << text;
  }
}

TEST_F(DataDirectoryTest, UnknownLinesOfTheFormatAreLeftAlone) {
  const std::string id = open()->instance_id();
  std::ofstream(path() + "/FORMAT", std::ios::app) << "later yes\n";
  EXPECT_EQ(open()->instance_id(), id);
}

TEST_F(DataDirectoryTest, ADatabaseWithoutFormatIsNotOverwritten) {
  std::filesystem::create_directories(path() + "/db");
  EXPECT_FALSE(open().has_value());
}

TEST_F(DataDirectoryTest, AFileInItsPlaceIsRefused) {
  std::filesystem::create_directories(parent.path() + "/outcrop");
  std::ofstream{path()} << "x";
  auto refused = open();
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find(path()), std::string::npos);
}

}  // namespace
}  // namespace outcrop::store
