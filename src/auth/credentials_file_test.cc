#include "auth/credentials_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace outcrop::auth {
namespace {

class CredentialsFile : public testing::Test {
 protected:
  void SetUp() override {
    path = testing::TempDir() + "credentials-" + std::to_string(::getpid()) + ".yaml";
    std::ofstream(path) << "credentials: []\n";
  }
  void TearDown() override { ::unlink(path.c_str()); }
  std::string problem_with_mode(unsigned mode) {
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    auto checked = check_secret_file(path, "access keys");
    return checked ? "none" : checked.error().message;
  }
  std::string path;
};

TEST_F(CredentialsFile, MayBeItsOwnersAlone) {
  EXPECT_EQ(problem_with_mode(0600), "none");
  EXPECT_EQ(problem_with_mode(0400), "none");
}

TEST_F(CredentialsFile, MayNotBeOpenToOthers) {
  EXPECT_EQ(problem_with_mode(0644), path + " contains access keys, but its mode is 0644, so others can get at it; run: chmod 600 " + path);
  for (unsigned mode : {0640u, 0604u, 0620u, 0602u, 0610u, 0777u}) EXPECT_NE(problem_with_mode(mode), "none") << mode;
}

TEST_F(CredentialsFile, MustBeAFileThatIsThere) {
  EXPECT_FALSE(check_secret_file(path + ".missing", "access keys"));
  EXPECT_FALSE(check_secret_file(testing::TempDir(), "access keys"));
}

}  // namespace
}  // namespace outcrop::auth
