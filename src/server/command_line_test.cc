#include "server/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gen/version.h"

namespace outcrop::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::expected<CommandLine, Ending> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "outcrop");
  return parse_command_line(int(arguments.size()), arguments.data());
}

TEST(CommandLine, ServeNeedsNoFlags) {
  auto line = parse({"serve"});
  ASSERT_TRUE(line) << line.error().text;
  EXPECT_EQ(line->command, CommandLine::Command::serve);
  EXPECT_TRUE(line->flags.listen.empty());
  EXPECT_FALSE(line->flags.durability);
}

TEST(CommandLine, ServeTakesEverySetting) {
  auto line = parse({"serve",        "--listen",  "127.0.0.1:1", "--listen",    "[::1]:2",  "--data",       ":memory:",
                     "--durability", "relaxed",   "--auth",      "enforce",     "--config", "a.yaml",       "--clock",
                     "manual",       "--threads", "3",           "--log-level", "debug",    "--log-format", "json"});
  ASSERT_TRUE(line) << line.error().text;
  const Flags& flags = line->flags;
  EXPECT_THAT(flags.listen, ElementsAre(ListenAddress{"127.0.0.1", 1}, ListenAddress{"::1", 2}));
  EXPECT_EQ(flags.data, ":memory:");
  EXPECT_EQ(flags.durability, Durability::relaxed);
  EXPECT_EQ(flags.auth, AuthMode::enforce);
  EXPECT_EQ(flags.config_file, "a.yaml");
  EXPECT_EQ(flags.clock, ClockMode::manual);
  EXPECT_EQ(flags.threads, 3u);
  EXPECT_EQ(flags.log_level, log::Level::debug);
  EXPECT_EQ(flags.log_format, LogFormat::json);
}

TEST(CommandLine, ACertificateComesWithItsKey) {
  auto line = parse({"serve", "--tls-cert", "c.pem", "--tls-key", "k.pem"});
  ASSERT_TRUE(line) << line.error().text;
  EXPECT_EQ(line->flags.tls_certificate, "c.pem");
  EXPECT_EQ(line->flags.tls_key, "k.pem");
  EXPECT_THAT(parse({"serve", "--tls-cert", "c.pem"}).error().text, HasSubstr("--tls-key"));
  EXPECT_THAT(parse({"serve", "--tls-key", "k.pem"}).error().text, HasSubstr("--tls-cert"));
}

TEST(CommandLine, CaTakesADataDirectory) {
  auto line = parse({"ca", "--data", "/data"});
  ASSERT_TRUE(line) << line.error().text;
  EXPECT_EQ(line->command, CommandLine::Command::show_authority);
  EXPECT_EQ(line->flags.data, "/data");
}

TEST(CommandLine, QuotaLooksAtAServer) {
  auto line = parse({"quota", "--endpoint", "http://10.0.0.1:4566", "--once", "--json"});
  ASSERT_TRUE(line) << line.error().text;
  EXPECT_EQ(line->command, CommandLine::Command::show_quota);
  EXPECT_EQ(line->quota.endpoint, "http://10.0.0.1:4566");
  EXPECT_TRUE(line->quota.once);
  EXPECT_TRUE(line->quota.json);
  EXPECT_FALSE(parse({"quota"})->quota.endpoint);
}

TEST(CommandLine, LogsAreOfAFunctionAndOfTheLastTenMinutes) {
  auto line = parse({"logs", "orders", "--follow", "--since", "1h30m", "--filter", "ERROR", "--region", "eu-west-1"});
  ASSERT_TRUE(line) << line.error().text;
  EXPECT_EQ(line->command, CommandLine::Command::show_logs);
  EXPECT_EQ(line->logs.of, "orders");
  EXPECT_TRUE(line->logs.follow);
  EXPECT_EQ(line->logs.since, std::chrono::minutes(90));
  EXPECT_EQ(line->logs.filter, "ERROR");
  EXPECT_EQ(line->logs.region, "eu-west-1");
  EXPECT_EQ(parse({"logs", "orders"})->logs.since, std::chrono::minutes(10));
  EXPECT_FALSE(parse({"logs"})) << "of what?";
}

TEST(CommandLine, ConfigCheckTakesAFileOrFindsIt) {
  EXPECT_EQ(parse({"config", "check", "a.yaml"})->flags.config_file, "a.yaml");
  auto line = parse({"config", "check"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->command, CommandLine::Command::check_config);
  EXPECT_FALSE(line->flags.config_file);
}

TEST(CommandLine, ModelsAreCheckedUnlessToldOtherwise) {
  auto line = parse({"models", "--config", "a.yaml"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->command, CommandLine::Command::list_models);
  EXPECT_EQ(line->flags.config_file, "a.yaml");
  EXPECT_TRUE(line->check_models);
  EXPECT_FALSE(parse({"models", "--no-check"})->check_models);
}

TEST(CommandLine, RuntimesAreListedByAConfiguration) {
  auto line = parse({"runtimes", "--config", "a.yaml"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->command, CommandLine::Command::list_runtimes);
  EXPECT_EQ(line->flags.config_file, "a.yaml");
}

TEST(CommandLine, VersionAndHelpAreAnswers) {
  auto version_line = parse({"--version"});
  ASSERT_FALSE(version_line);
  EXPECT_EQ(version_line.error().status, exit_ok);
  EXPECT_EQ(version_line.error().text, fmt::format("outcrop {}\n", version));
  for (auto arguments : {std::vector{"--help"}, std::vector{"serve", "--help"}}) {
    auto help = parse(arguments);
    ASSERT_FALSE(help);
    EXPECT_EQ(help.error().status, exit_ok);
  }
  EXPECT_THAT(parse({"serve", "--help"}).error().text, HasSubstr("--durability"));
}

TEST(CommandLine, UsageErrorsSayWhatIsWrong) {
  const std::pair<std::vector<const char*>, const char*> wrong[] = {
      {{}, "a command is needed"},
      {{"run"}, "run"},
      {{"serve", "--lisen", "127.0.0.1:1"}, "--lisen"},
      {{"serve", "--durability", "none"}, "must be one of sync, relaxed"},
      {{"serve", "--listen", "everywhere"}, "must be IP:PORT"},
      {{"serve", "--threads", "0"}, "1 to 256"},
      {{"serve", "--data"}, "--data"},
      {{"serve", "extra"}, "extra"},
      {{"logs", "orders", "--since", "yesterday"}, "10m"},
      {{"config"}, "check"},
      {{"config", "chek"}, "chek"},
      {{"config", "check", "a", "b"}, "b"},
  };
  for (const auto& [arguments, clause] : wrong) {
    auto line = parse(arguments);
    ASSERT_FALSE(line) << clause;
    EXPECT_EQ(line.error().status, exit_usage) << clause;
    EXPECT_THAT(line.error().text, HasSubstr(clause));
  }
}

}  // namespace
}  // namespace outcrop::server
