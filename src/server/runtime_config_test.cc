// Runtimes as outcrop.yaml has them.
#include "server/runtime_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "server/config.h"

namespace outcrop::server {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::expected<Config, std::vector<Problem>> with_runtimes(const std::string& text) { return parse_config(text, "/etc/outcrop", {}); }

TEST(RuntimeConfig, NamesAProgramByItsPathOrAsPathHasIt) {
  auto config = with_runtimes("runtimes: {nodejs22.x: bin/node, nodejs24.x: /opt/node24, python3.12: python3.12, library: sdk}");
  ASSERT_TRUE(config) << describe("", config.error());
  EXPECT_THAT(config->runtimes.executables, ElementsAre(Pair("nodejs22.x", "/etc/outcrop/bin/node"), Pair("nodejs24.x", "/opt/node24"),
                                                        Pair("python3.12", "python3.12")));
  EXPECT_EQ(config->runtimes.library, "/etc/outcrop/sdk");
}

TEST(RuntimeConfig, WhatIsNoRuntimeWithAProgramIsSaid) {
  for (const char* identifier : {"nodejs16.x", "provided.al2023", "java21"}) {
    auto config = with_runtimes("runtimes: {" + std::string(identifier) + ": node}");
    ASSERT_FALSE(config) << identifier;
    EXPECT_THAT(describe("outcrop.yaml", config.error()), HasSubstr("runtimes." + std::string(identifier) + ": is not a known key"));
  }
}

class RuntimeFolders : public testing::Test {
 protected:
  RuntimeFolders() {
    std::string path = (fs::temp_directory_path() / "outcrop-runtimes-XXXXXX").string();
    EXPECT_NE(::mkdtemp(path.data()), nullptr);
    folder_ = path;
  }
  ~RuntimeFolders() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(RuntimeFolders, ALibraryIsOneThatHasTheSdk) {
  RuntimesConfig config{.executables = {}, .library = folder_.string()};
  EXPECT_EQ(find_library(config), "");
  fs::create_directories(folder_ / "node_modules/@aws-sdk");
  EXPECT_EQ(find_library(config), folder_.string());
}

TEST_F(RuntimeFolders, AreListedWithTheirProgramsVersionsAndProblems) {
  const std::string node = (folder_ / "node").string();
  std::ofstream(node) << "#!/bin/sh\nprintf '20.1.2\\t" << node << "\\t\\n'\n";
  fs::permissions(node, fs::perms::owner_all);
  RuntimesConfig config{.executables = {{"nodejs20.x", node}, {"nodejs22.x", node}, {"python3.9", "/no/python"}},
                        .library = folder_.string()};
  const std::string text = describe_runtimes(config);
  EXPECT_THAT(text, testing::ContainsRegex("nodejs20.x +" + node + " +20.1.2\n"));
  EXPECT_THAT(text, testing::ContainsRegex("nodejs22.x +" + node + " +20.1.2 +is version 20, not 22\n"));
  EXPECT_THAT(text, testing::ContainsRegex("python3.9 +- +there is no /no/python that runs\n"));
  EXPECT_THAT(text, testing::ContainsRegex("provided.al2023 +bootstrap +what the function ships\n"));
  EXPECT_THAT(text, HasSubstr("AWS SDK for JavaScript: none; functions that use it must ship it"));
}

TEST_F(RuntimeFolders, ArePreparedBelowADirectory) {
  auto settings = prepare_runtimes({.executables = {{"nodejs22.x", "node"}}, .library = ""}, (folder_ / "runtimes").string());
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_TRUE(fs::exists(settings->bootstrap_directory + "/nodejs/bootstrap.cjs"));
  EXPECT_TRUE(fs::exists(settings->bootstrap_directory + "/python/outcrop_runtime/loop.py"));
  EXPECT_EQ(settings->executables.at("nodejs22.x"), "node");
}

}  // namespace
}  // namespace outcrop::server
