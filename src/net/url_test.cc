#include "net/url.h"

#include <gtest/gtest.h>

namespace outcrop::net {
namespace {

TEST(Url, PiecesOfAbsoluteUrls) {
  Url url = parse_url("https://Example.COM:8443/v1/a%20b?x=1&y#part").value();
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "example.com");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.target, "/v1/a%20b?x=1&y");
  EXPECT_EQ(url.authority(), "example.com:8443");
}

TEST(Url, WhatIsNotWrittenIsTheSchemesOwn) {
  EXPECT_EQ(parse_url("http://a").value().port, 80);
  EXPECT_EQ(parse_url("HTTPS://a").value().port, 443);
  EXPECT_EQ(parse_url("http://a").value().target, "/");
  EXPECT_EQ(parse_url("http://a?x").value().target, "/?x");
  EXPECT_EQ(parse_url("https://a:443/").value().authority(), "a");
}

TEST(Url, AddressesAreHosts) {
  EXPECT_EQ(parse_url("http://127.0.0.1:80/").value().host, "127.0.0.1");
  Url url = parse_url("http://[::1]:8080/").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.authority(), "[::1]:8080");
  EXPECT_EQ(parse_url("http://[2001:DB8::A]").value().authority(), "[2001:db8::a]");
}

TEST(Url, UserinfoOnlyWhereItIsAllowed) {
  EXPECT_FALSE(parse_url("http://user:secret@a/"));
  Url url = parse_url("http://user:s%40@a:1/", Userinfo::allowed).value();
  EXPECT_EQ(url.userinfo, "user:s%40");
  EXPECT_EQ(url.host, "a");
  EXPECT_FALSE(parse_url("http://a@b@c/", Userinfo::allowed));
}

TEST(Url, WhatCouldBeReadInTwoWaysIsRefused) {
  for (std::string_view text : {"",
                                "a",
                                "/path",
                                "//a/",
                                "ftp://a/",
                                "http:/a",
                                "http://",
                                "http:///x",
                                "http://:80/",
                                "http://a:/",
                                "http://a:0/",
                                "http://a:65536/",
                                "http://a:8o/",
                                "http://a:+1/",
                                "http://a b/",
                                "http://a/b c",
                                "http://a/\r\nHost: b",
                                "http://a\\@b/",
                                "http://a..b/",
                                "http://.a/",
                                "http://a,b/",
                                "http://a%2eb/",
                                "http://[::1",
                                "http://::1/",
                                "http://[127.0.0.1]/",
                                "http://[::1]x/",
                                "http://[fe80::1%25eth0]/",
                                "http://127.1/",
                                "http://0x7f.1/",
                                "http://2130706433/",
                                "http://1.2.3.256/"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
  EXPECT_FALSE(parse_url("http://a/" + std::string(20'000, 'x')));
  EXPECT_FALSE(parse_url(std::string("http://a/\0", 10)));
}

TEST(Url, InternationalNamesAreRefusedWithAHint) {
  Result<Url> url = parse_url("http://bücher.example/");
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code, "InvalidUrl");
  EXPECT_NE(url.error().message.find("Punycode"), std::string::npos);
}

}  // namespace
}  // namespace outcrop::net
