#include "server/paths.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace outcrop::server {
namespace {

namespace fs = std::filesystem;

Environment environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) -> std::optional<std::string> {
    auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

TEST(DataDirectory, FollowsXdg) {
  EXPECT_EQ(default_data_directory(environment({{"HOME", "/home/a"}})), "/home/a/.local/share/outcrop");
  EXPECT_EQ(default_data_directory(environment({{"HOME", "/home/a"}, {"XDG_DATA_HOME", "/data"}})), "/data/outcrop");
  EXPECT_EQ(default_data_directory(environment({})), std::nullopt);
}

TEST(DataDirectory, IgnoresARelativeXdgValue) {
  EXPECT_EQ(default_data_directory(environment({{"HOME", "/home/a"}, {"XDG_DATA_HOME", "data"}})), "/home/a/.local/share/outcrop");
}

TEST(ConfigFileSearch, FlagThenVariableThenHome) {
  fs::path home = fs::path(testing::TempDir()) / "outcrop-paths-test";
  fs::create_directories(home / ".config/outcrop");
  fs::remove(home / ".config/outcrop/outcrop.yaml");
  std::map<std::string, std::string> values{{"HOME", home.string()}};
  EXPECT_EQ(find_config_file(std::nullopt, environment(values)), std::nullopt);
  std::ofstream(home / ".config/outcrop/outcrop.yaml") << "auth: open\n";
  EXPECT_EQ(find_config_file(std::nullopt, environment(values)), home / ".config/outcrop/outcrop.yaml");
  values["OUTCROP_CONFIG"] = "/named.yaml";
  EXPECT_EQ(find_config_file(std::nullopt, environment(values)), "/named.yaml");
  EXPECT_EQ(find_config_file("flag.yaml", environment(values)), "flag.yaml");
  fs::remove_all(home);
}

TEST(Resolve, StartsAtTheFilesDirectoryOrAtHome) {
  auto home = environment({{"HOME", "/home/a"}});
  EXPECT_EQ(resolve("store", "/etc/outcrop", home), "/etc/outcrop/store");
  EXPECT_EQ(resolve("/srv", "/etc/outcrop", home), "/srv");
  EXPECT_EQ(resolve("~/store", "/etc/outcrop", home), "/home/a/store");
}

}  // namespace
}  // namespace outcrop::server
