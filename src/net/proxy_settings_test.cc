#include "net/proxy_settings.h"

#include <gtest/gtest.h>

#include <map>

namespace outcrop::net {
namespace {

using Environment = std::map<std::string, std::string>;

Result<ProxySettings> settings_of(const Environment& environment) {
  return ProxySettings::from_environment([&](const char* name) -> const char* {
    auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second.c_str();
  });
}

// "host:port", or empty.
std::string chosen(const Environment& environment, bool tls, std::string_view host, uint16_t port = 80) {
  ProxySettings settings = settings_of(environment).value();
  const Proxy* proxy = settings.choose(tls, host, port);
  return proxy ? fmt::format("{}:{}", proxy->host, proxy->port) : "";
}

TEST(ProxySettings, EachSchemeHasItsVariable) {
  Environment environment{{"http_proxy", "http://p:1"}, {"HTTPS_PROXY", "q:2"}};
  EXPECT_EQ(chosen(environment, false, "a"), "p:1");
  EXPECT_EQ(chosen(environment, true, "a"), "q:2");
  EXPECT_EQ(chosen({}, true, "a"), "");
}

TEST(ProxySettings, LowerCaseIsPreferredAndAllProxyComesLast) {
  EXPECT_EQ(chosen({{"http_proxy", "p:1"}, {"HTTP_PROXY", "q:2"}, {"all_proxy", "r:3"}}, false, "a"), "p:1");
  EXPECT_EQ(chosen({{"ALL_PROXY", "r:3"}}, true, "a"), "r:3");
  EXPECT_EQ(chosen({{"https_proxy", ""}, {"ALL_PROXY", "r:3"}}, true, "a"), "");
}

TEST(ProxySettings, UnderCgiTheVariableThatAClientCanSetIsIgnored) {
  EXPECT_EQ(chosen({{"HTTP_PROXY", "evil:1"}, {"REQUEST_METHOD", "GET"}}, false, "a"), "");
  EXPECT_EQ(chosen({{"http_proxy", "p:1"}, {"REQUEST_METHOD", "GET"}}, false, "a"), "p:1");
}

TEST(ProxySettings, UserAndPasswordBecomeAnAuthorization) {
  EXPECT_EQ(settings_of({{"http_proxy", "http://aladdin:open%20sesame@p:1"}}).value().http->authorization,
            "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST(ProxySettings, WhatCannotBeUsedIsRefusedWithoutShowingIt) {
  for (const char* value : {"https://secret@p:1", "socks5://secret@p:1", "http://secret@p:x", "http://secret%zz@p:1"}) {
    Result<ProxySettings> settings = settings_of({{"http_proxy", value}});
    ASSERT_FALSE(settings) << value;
    EXPECT_EQ(settings.error().message.find("secret"), std::string::npos);
    EXPECT_NE(settings.error().message.find("http_proxy"), std::string::npos);
  }
}

TEST(NoProxy, NamesCoverThemselvesAndWhatIsBelow) {
  for (std::string_view entry : {"example.com", ".example.com", "EXAMPLE.com.", "x, example.com", "x example.com", "*.example.com"}) {
    NoProxy list(entry);
    EXPECT_TRUE(list.covers("example.com", 80)) << entry;
    EXPECT_TRUE(list.covers("www.example.com", 80)) << entry;
    EXPECT_TRUE(list.covers("www.example.com.", 80)) << entry;
    EXPECT_FALSE(list.covers("badexample.com", 80)) << entry;
    EXPECT_FALSE(list.covers("example.com.evil", 80)) << entry;
  }
}

TEST(NoProxy, APortNarrowsAnEntry) {
  NoProxy list("a:8080,[::1]:1,10.0.0.1:2");
  EXPECT_TRUE(list.covers("a", 8080));
  EXPECT_FALSE(list.covers("a", 80));
  EXPECT_TRUE(list.covers("::1", 1));
  EXPECT_FALSE(list.covers("::1", 2));
  EXPECT_TRUE(list.covers("10.0.0.1", 2));
}

TEST(NoProxy, AddressesAndRanges) {
  NoProxy list("10.0.0.0/8, 192.168.1.7 ::1 fd00::/9, 172.16.0.0/33, 1.2.3.4/x");
  EXPECT_TRUE(list.covers("10.255.0.1", 80));
  EXPECT_FALSE(list.covers("11.0.0.1", 80));
  EXPECT_TRUE(list.covers("192.168.1.7", 80));
  EXPECT_FALSE(list.covers("192.168.1.8", 80));
  EXPECT_TRUE(list.covers("::1", 80));
  EXPECT_TRUE(list.covers("fd7f::1", 80));
  EXPECT_FALSE(list.covers("fd80::1", 80));
  EXPECT_FALSE(list.covers("172.16.0.1", 80));
  EXPECT_FALSE(list.covers("1.2.3.4", 80));
}

TEST(NoProxy, AStarIsEverybodyAndLoopbackIsNothingSpecial) {
  EXPECT_TRUE(NoProxy("*").covers("anything", 1));
  EXPECT_FALSE(NoProxy("").covers("localhost", 80));
  EXPECT_FALSE(NoProxy("").covers("127.0.0.1", 80));
}

}  // namespace
}  // namespace outcrop::net
