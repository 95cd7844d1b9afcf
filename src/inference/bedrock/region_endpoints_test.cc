// Which Region of an upstream is asked.
#include "inference/bedrock/region_endpoints.h"

#include <gtest/gtest.h>

namespace outcrop::inference {
namespace {

class RegionEndpointsTest : public ::testing::Test {
 protected:
  std::optional<RegionEndpoints::Lease> next() { return regions_.next(now_, tried_); }
  // Of a new request's.
  size_t first() {
    tried_.reset();
    return next()->index();
  }
  Milliseconds fail_first() {
    tried_.reset();
    return next()->failed(now_);
  }

  RegionEndpoints regions_{{net::parse_url("http://a").value(), net::parse_url("http://b").value(), net::parse_url("http://c").value()}};
  RegionEndpoints::Tried tried_;
  SteadyTime now_{std::chrono::hours(1)};
};

TEST_F(RegionEndpointsTest, TheFirstIsAskedHoweverBusyItIs) {
  auto busy = next();
  EXPECT_EQ(busy->index(), 0u);
  EXPECT_EQ(first(), 0u);
  EXPECT_EQ(busy->url().host, "a");
}

TEST_F(RegionEndpointsTest, TheOthersFollowInTheirOrderEachOnce) {
  EXPECT_EQ(next()->index(), 0u);
  EXPECT_EQ(next()->index(), 1u);
  EXPECT_EQ(next()->index(), 2u);
  EXPECT_FALSE(next());
}

TEST_F(RegionEndpointsTest, OneThatFailedIsPassedOverForAWhile) {
  const Milliseconds pause = fail_first();
  EXPECT_EQ(first(), 1u);
  now_ += pause;
  EXPECT_EQ(first(), 0u);
  EXPECT_EQ(fail_first(), 2 * pause);
}

TEST_F(RegionEndpointsTest, OneThatAnswersIsTheFirstAgain) {
  fail_first();
  tried_.set(1), tried_.set(2), tried_.reset(0);
  EXPECT_TRUE(next()->succeeded());
  EXPECT_EQ(first(), 0u);
}

TEST_F(RegionEndpointsTest, WhereAllFailedTheOneWhoseTimeEndsFirstIsAsked) {
  fail_first();
  now_ += Milliseconds(10);
  fail_first();
  now_ += Milliseconds(10);
  fail_first();
  EXPECT_EQ(first(), 0u);
}

}  // namespace
}  // namespace outcrop::inference
