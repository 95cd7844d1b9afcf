#include "gateway/connection/stage_address.h"

#include <gtest/gtest.h>

namespace outcrop::gateway {
namespace {

std::string told(std::string_view host, std::string_view path) {
  const auto address = StageAddress::of(host, path);
  return address ? address->api_id + " " + address->stage + " " + address->rest : "none";
}

TEST(StageAddress, NamesAnApiAndItsStage) {
  EXPECT_EQ(told("127.0.0.1:4566", "/_aws/execute-api/abc/prod"), "abc prod ");
  EXPECT_EQ(told("127.0.0.1:4566", "/_aws/execute-api/abc/prod/"), "abc prod /");
  EXPECT_EQ(told("abc.execute-api.us-east-1.amazonaws.com", "/prod"), "abc prod ");
  EXPECT_EQ(told("ABC.execute-api.localhost:4566", "/prod/a/b"), "abc prod /a/b");
  EXPECT_EQ(told("abc.execute-api.localhost", "/"), "abc  ");
}

TEST(StageAddress, IsNoneElsewhere) {
  EXPECT_EQ(told("localhost:4566", "/prod"), "none");
  EXPECT_EQ(told(".execute-api.localhost", "/prod"), "none");
  EXPECT_EQ(told("", ""), "none");
  EXPECT_EQ(told("[::1]:4566", "/"), "none");
}

TEST(StageAddress, HostsAreComparedWithoutPortAndCase) {
  EXPECT_EQ(bare_host("Chat.Example.com.:443"), "chat.example.com");
  EXPECT_EQ(bare_host("[::1]:4566"), "[::1]");
  EXPECT_EQ(bare_host("[::1]"), "[::1]");
}

TEST(StageAddress, TheManagementApisPathsAreKnownWhereverTheyBegin) {
  EXPECT_TRUE(is_connections_path("/prod/@connections/L0SM9cOFvHcCIhw%3D"));
  EXPECT_TRUE(is_connections_path("/@connections/x"));
  EXPECT_TRUE(is_connections_path("/_aws/execute-api/abc/prod/%40connections/x"));
  EXPECT_FALSE(is_connections_path("/prod/@connections"));
  EXPECT_FALSE(is_connections_path("/prod/x@connections/x"));
  EXPECT_FALSE(is_connections_path("/"));
}

}  // namespace
}  // namespace outcrop::gateway
