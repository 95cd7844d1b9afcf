#include "auth/web_guard.h"

#include <gtest/gtest.h>

namespace outcrop::auth {
namespace {

struct WebCase {
  std::string_view host;
  std::string_view origin = {};
  std::string_view site = {};  // Sec-Fetch-Site
  bool tls = false;
};

bool passes(const WebCase& request, const WebGuardConfig& config = {}) {
  net::RequestHead head;
  head.host = request.host;
  head.tls = request.tls;
  if (!request.origin.empty()) head.headers.add("Origin", std::string(request.origin));
  if (!request.site.empty()) head.headers.add("Sec-Fetch-Site", std::string(request.site));
  auto checked = check_web_origin(head, config);
  if (!checked) {
    EXPECT_EQ(checked.error().code, "AccessDenied");
    EXPECT_EQ(checked.error().status, 403);
  }
  return checked.has_value();
}

TEST(WebGuard, LetsClientsThatAreNoBrowsersThrough) {
  for (std::string_view host : {"localhost:4566", "LOCALHOST", "localhost.", "Localhost.:4566", "bucket.localhost:4566", "a.b.LocalHost.",
                                "127.0.0.1", "127.0.0.1:4566", "192.168.1.20:4566", "0.0.0.0:4566", "[::1]", "[::1]:4566",
                                "[fe80::1%25eth0]:4566", "sqs.us-east-1.amazonaws.com", "SQS.US-EAST-1.AMAZONAWS.COM.",
                                "s3.cn-north-1.amazonaws.com.cn:443", "lambda.us-east-1.api.aws", ""})
    EXPECT_TRUE(passes({host})) << host;
}

TEST(WebGuard, RefusesNamesThatOthersCanPointAtUs) {
  for (std::string_view host :
       {"rebind.example.com", "rebind.example.com:4566", "localhost.example.com", "notlocalhost", "127.0.0.1.nip.io", "evilamazonaws.com",
        "amazonaws.com.evil.com", "amazonaws.com", "1.2.3", "2130706433", "0x7f.0.0.1", "localhost:4566:80", "localhost:port",
        "localhost:", "[::1", "[::1]x", "[localhost", ":4566", "."})
    EXPECT_FALSE(passes({host})) << host;
}

TEST(WebGuard, AnswersToConfiguredNames) {
  WebGuardConfig config{.host_names = {"outcrop", ".Outcrop.test"}};
  for (std::string_view host : {"outcrop:4566", "OUTCROP", "outcrop.", "outcrop.test", "a.b.outcrop.test:80"})
    EXPECT_TRUE(passes({host}, config)) << host;
  for (std::string_view host : {"a.outcrop", "xoutcrop.test", "outcrop.test.evil.com"}) EXPECT_FALSE(passes({host}, config)) << host;
}

TEST(WebGuard, LetsItsOwnPagesCall) {
  EXPECT_TRUE(passes({"localhost:4566", "http://localhost:4566"}));
  EXPECT_TRUE(passes({"localhost:4566", "HTTP://LOCALHOST:4566"}));
  EXPECT_TRUE(passes({"localhost:4566", "https://localhost:4566", "", true}));
  EXPECT_TRUE(passes({"[::1]:4566", "http://[::1]:4566"}));
  EXPECT_TRUE(passes({"localhost", "http://localhost"}));
  EXPECT_TRUE(passes({"localhost:80", "http://localhost"}));
  EXPECT_TRUE(passes({"localhost", "https://localhost", "", true}));
  EXPECT_TRUE(passes({"localhost.:4566", "http://localhost:4566"}));
}

TEST(WebGuard, RefusesForeignOrigins) {
  for (std::string_view origin : {"https://evil.example", "http://localhost:3000", "http://localhost", "http://127.0.0.1:4566", "null",
                                  "file://", "chrome-extension://abcdef", "localhost:4566", "http://localhost:4566.evil.com",
                                  "http://localhost:4566@evil.com", "http://evil.com/http://localhost:4566", "http://localhost:4566/",
                                  "http://user@localhost:4566", "ftp://localhost:4566", "http://", "http://localhost:99999999"})
    EXPECT_FALSE(passes({"localhost:4566", origin})) << origin;
}

TEST(WebGuard, RefusesAForeignOriginEvenWithoutAHost) { EXPECT_FALSE(passes({"", "http://localhost:4566"})); }

TEST(WebGuard, RefusesAPageOfARebindingNameThoughOriginAndHostAgree) {
  EXPECT_FALSE(passes({"rebind.example.com:4566", "http://rebind.example.com:4566"}));
}

TEST(WebGuard, ChecksEveryOrigin) {
  net::RequestHead head;
  head.host = "localhost:4566";
  head.headers.add("Origin", "http://localhost:4566");
  head.headers.add("origin", "https://evil.example");
  EXPECT_FALSE(check_web_origin(head, {}));
}

TEST(WebGuard, LetsConfiguredOriginsCall) {
  WebGuardConfig config{.origins = {"http://localhost:3000", "https://Console.example.com"}};
  EXPECT_TRUE(passes({"localhost:4566", "http://localhost:3000", "same-site"}, config));
  EXPECT_TRUE(passes({"localhost:4566", "https://console.example.com", "cross-site"}, config));
  EXPECT_FALSE(passes({"localhost:4566", "https://console.example.com:8443"}, config));
  EXPECT_FALSE(passes({"rebind.example.com", "http://localhost:3000"}, config));
}

TEST(WebGuard, RefusesWhatForeignPagesFetchWithoutAnOrigin) {
  EXPECT_FALSE(passes({"localhost:4566", "", "cross-site"}));
  EXPECT_FALSE(passes({"localhost:4566", "", "same-site"}));
  EXPECT_TRUE(passes({"localhost:4566", "", "same-origin"}));
  EXPECT_TRUE(passes({"localhost:4566", "", "none"}));
}

}  // namespace
}  // namespace outcrop::auth
