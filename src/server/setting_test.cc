#include "server/setting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace outcrop::server {
namespace {

using testing::HasSubstr;

TEST(ListenAddress, IsAnAddressAndAPort) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:4566"), (ListenAddress{"127.0.0.1", 4566}));
  EXPECT_EQ(parse_listen_address("[::1]:0"), (ListenAddress{"::1", 0}));
  EXPECT_EQ(parse_listen_address("0.0.0.0:65535"), (ListenAddress{"0.0.0.0", 65535}));
}

TEST(ListenAddress, LocalhostIsTheIPv4Loopback) { EXPECT_EQ(parse_listen_address("localhost:80"), (ListenAddress{"127.0.0.1", 80})); }

TEST(ListenAddress, AnythingElseIsRefusedWithAnExample) {
  for (const char* text : {"", "4566", ":4566", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:4566x",
                           "example.com:80", "::1:80", "[127.0.0.1]:80", "[::1]", "[]:80"}) {
    auto parsed = parse_listen_address(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error(), HasSubstr("127.0.0.1:4566"));
  }
}

TEST(ListenAddress, KnowsWhetherOtherMachinesReachIt) {
  for (const char* text : {"127.0.0.1:1", "127.8.9.10:1", "[::1]:1", "[0:0:0:0:0:0:0:1]:1", "[::ffff:127.0.0.1]:1"})
    EXPECT_TRUE(parse_listen_address(text)->is_loopback()) << text;
  for (const char* text : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "[fe80::1]:1", "[::ffff:10.0.0.1]:1"})
    EXPECT_FALSE(parse_listen_address(text)->is_loopback()) << text;
}

TEST(ListenAddress, PrintsAsItIsRead) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:1")->text(), "127.0.0.1:1");
  EXPECT_EQ(parse_listen_address("[::1]:1")->text(), "[::1]:1");
}

TEST(Choice, RefusalNamesTheChoices) {
  EXPECT_EQ(parse_durability("relaxed"), Durability::relaxed);
  EXPECT_EQ(parse_durability("none").error(), "must be one of sync, relaxed, not 'none'");
  EXPECT_EQ(parse_auth_mode("enforce"), AuthMode::enforce);
  EXPECT_EQ(parse_clock_mode("manual"), ClockMode::manual);
  EXPECT_EQ(parse_log_level("warning"), log::Level::warning);
  EXPECT_EQ(parse_log_format("auto"), LogFormat::automatic);
  EXPECT_FALSE(parse_auth_mode("Open"));
}

TEST(Bytes, TakeBinaryUnits) {
  EXPECT_EQ(parse_bytes("1048576"), 1048576u);
  EXPECT_EQ(parse_bytes("64KiB"), 65536u);
  EXPECT_EQ(parse_bytes("256MiB"), uint64_t(256) << 20);
  EXPECT_EQ(parse_bytes("2GiB"), uint64_t(2) << 30);
  for (const char* text : {"", "0", "64KB", "64 KiB", "-1", "KiB", "1.5MiB", "9999999GiB", "99999999999999999999999"})
    EXPECT_FALSE(parse_bytes(text)) << text;
}

TEST(Duration, NeedsAUnit) {
  EXPECT_EQ(parse_duration("500ms"), Milliseconds(500));
  EXPECT_EQ(parse_duration("10s"), Seconds(10));
  EXPECT_EQ(parse_duration("2m"), Seconds(120));
  EXPECT_EQ(parse_duration("0s"), Seconds(0));
  for (const char* text : {"", "10", "s", "-1s", "1h", "61m", "9223372036854775807m"}) EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Rate, IsPositiveAndBounded) {
  EXPECT_EQ(parse_rate("0.5"), 0.5);
  EXPECT_EQ(parse_rate("1000000"), 1e6);
  for (const char* text : {"0", "-1", "nan", "inf", "1000001", "ten", ""}) EXPECT_FALSE(parse_rate(text)) << text;
}

TEST(Count, IsWholeAndWithinItsRange) {
  EXPECT_EQ(parse_threads("2"), 2u);
  for (const char* text : {"0", "257", "-1", "1.5", ""}) EXPECT_FALSE(parse_threads(text)) << text;
  EXPECT_EQ(parse_connections("1000000"), 1'000'000u);
}

TEST(Secret, IsNotRepeatedInTheRefusal) {
  auto parsed = parse_secret_access_key("short");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error(), testing::Not(HasSubstr("short")));
}

TEST(AllowedHost, IsANameOrAWildcard) {
  EXPECT_EQ(parse_allowed_host("Outcrop.Example.com"), "outcrop.example.com");
  EXPECT_EQ(parse_allowed_host("*.example.com"), "*.example.com");
  for (const char* text : {"", "*", "*.", "a..b", "-a.com", "a-.com", "a.com:80", "http://a.com", "a.*.com", ".a.com"})
    EXPECT_FALSE(parse_allowed_host(text)) << text;
}

TEST(AllowedOrigin, IsSchemeHostAndPort) {
  EXPECT_EQ(parse_allowed_origin("https://App.example.com"), "https://app.example.com");
  EXPECT_EQ(parse_allowed_origin("http://localhost:3000"), "http://localhost:3000");
  for (const char* text :
       {"", "*", "null", "app.example.com", "ftp://a.com", "http://a.com/", "http://a.com:0", "http://a.com:99999", "http://"})
    EXPECT_FALSE(parse_allowed_origin(text)) << text;
}

TEST(Data, IsADirectoryOrMemory) {
  EXPECT_EQ(parse_data(":memory:"), ":memory:");
  EXPECT_EQ(parse_data("var/outcrop"), "var/outcrop");
  EXPECT_FALSE(parse_data(""));
  EXPECT_FALSE(parse_data(":memroy:"));
}

}  // namespace
}  // namespace outcrop::server
