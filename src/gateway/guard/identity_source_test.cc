// What an authorizer wants to know of a handshake.
#include "gateway/guard/identity_source.h"

#include <gtest/gtest.h>

namespace outcrop::gateway {

namespace {

TEST(AnIdentitySource, IsOneOfFourKinds) {
  const auto kind = [](std::string_view expression) { return parse_identity_source(expression).value().kind; };
  EXPECT_EQ(kind("route.request.header.Auth"), IdentitySource::Kind::header);
  EXPECT_EQ(kind("route.request.querystring.token"), IdentitySource::Kind::query);
  EXPECT_EQ(kind("context.identity.sourceIp"), IdentitySource::Kind::context);
  EXPECT_EQ(kind("stageVariables.mode"), IdentitySource::Kind::stage_variable);
  EXPECT_EQ(parse_identity_source("context.identity.sourceIp")->name, "identity.sourceIp");
}

TEST(AnIdentitySource, IsNothingElse) {
  for (std::string_view expression : {"", "Auth", "method.request.header.Auth", "$request.header.Auth", "route.request.header.",
                                      "route.request.body.token", "context. stage", "stageVariables.a,b"})
    EXPECT_FALSE(parse_identity_source(expression)) << expression;
}

TEST(AQuery, GivesTheLastValueOfAName) {
  EXPECT_EQ(find_query_value("a=1&b=x%20y+z&a=2", "a"), "2");
  EXPECT_EQ(find_query_value("a=1&b=x%20y+z&a=2", "b"), "x y z");
  EXPECT_EQ(find_query_value("a=1", "c"), std::nullopt);
  EXPECT_EQ(find_query_value("a=%zz", "a"), "%zz");
}

}  // namespace

}  // namespace outcrop::gateway
