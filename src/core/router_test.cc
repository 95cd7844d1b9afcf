#include "core/router.h"

#include <gtest/gtest.h>

#include "core/testing/test_exchange.h"
#include "core/testing/test_world.h"

namespace outcrop {
namespace {

class NamedHandler final : public net::Handler {
 public:
  explicit NamedHandler(std::string name) : name_(std::move(name)) {}
  Task<void> serve(net::Exchange& exchange) override { co_await keep(exchange.respond({}, name_)); }

 private:
  std::string name_;
};

TEST(Router, TheLongestPrefixAnswersAndApiCallsAreTheRest) {
  TestWorld test;
  NamedHandler admin("admin"), console("console"), deep("deep"), api("api");
  Router router(api);
  router.add("/_outcrop/", admin);
  router.add("/_outcrop/console/", deep);
  router.add("/console/", console);
  auto answer = [&](std::string path) {
    TestExchange exchange({.method = "GET", .path = std::move(path)});
    test.run(router.serve(exchange));
    return exchange.answer;
  };
  EXPECT_EQ(answer("/_outcrop/health"), "admin");
  EXPECT_EQ(answer("/_outcrop"), "admin");
  EXPECT_EQ(answer("/_outcrop/console/index.html"), "deep");
  EXPECT_EQ(answer("/console/"), "console");
  EXPECT_EQ(answer("/_outcropper"), "api");
  EXPECT_EQ(answer("/"), "api");
  EXPECT_EQ(answer("/000000000000/queue"), "api");
}

TEST(Router, APartMayLeaveRequestsUnderItsPrefixToOthers) {
  TestWorld test;
  NamedHandler chat("chat"), api("api");
  Router router(api);
  router.add("/v1/chat/", chat, [](const net::RequestHead& head) { return head.method == "POST"; });
  TestExchange taken({.method = "POST", .path = "/v1/chat/completions"}), left({.method = "GET", .path = "/v1/chat/completions"});
  test.run(router.serve(taken));
  test.run(router.serve(left));
  EXPECT_EQ(taken.answer, "chat");
  EXPECT_EQ(left.answer, "api");
}

TEST(Router, APartWithAHostOfItsOwnComesBeforeAllPaths) {
  TestWorld test;
  NamedHandler shop("shop"), admin("admin"), api("api");
  Router router(api);
  router.add("/_outcrop/", admin);
  router.add_first(shop, [](const net::RequestHead& head) { return head.host == "shop.example"; });
  auto answer = [&](std::string host) {
    TestExchange exchange({.method = "GET", .path = "/_outcrop/health", .host = std::move(host)});
    test.run(router.serve(exchange));
    return exchange.answer;
  };
  EXPECT_EQ(answer("shop.example"), "shop");
  EXPECT_EQ(answer("localhost:4566"), "admin");
}

}  // namespace
}  // namespace outcrop
