// Which server of a model is asked next.
#include "inference/openai/model_endpoints.h"

#include <gtest/gtest.h>

namespace outcrop::inference {
namespace {

ModelEndpoints endpoints_of(size_t count) {
  std::vector<net::Url> urls;
  for (size_t i = 0; i < count; ++i) urls.push_back({.host = "model", .port = uint16_t(8000 + i)});
  return ModelEndpoints(std::move(urls));
}

ModelEndpoints::Lease take(ModelEndpoints& endpoints, SteadyTime now) {
  ModelEndpoints::Tried tried;
  return *endpoints.next(now, tried);
}

constexpr SteadyTime start{};
constexpr Milliseconds a_moment{1};

TEST(ModelEndpoints, TheOneWithTheFewestRequestsIsAsked) {
  ModelEndpoints endpoints = endpoints_of(3);
  auto a = take(endpoints, start), b = take(endpoints, start), c = take(endpoints, start);
  EXPECT_EQ(a.index() + b.index() + c.index(), 3u);
  const size_t free = b.index();
  {
    auto gone = std::move(b);
  }
  EXPECT_EQ(take(endpoints, start).index(), free);
}

TEST(ModelEndpoints, EachIsTriedOnce) {
  ModelEndpoints endpoints = endpoints_of(2);
  ModelEndpoints::Tried tried;
  auto a = endpoints.next(start, tried), b = endpoints.next(start, tried);
  EXPECT_NE(a->index(), b->index());
  EXPECT_FALSE(endpoints.next(start, tried));
}

TEST(ModelEndpoints, OneThatFailedIsPassedOverForAWhileThatDoubles) {
  ModelEndpoints endpoints = endpoints_of(2);
  SteadyTime now = start;
  const size_t bad = take(endpoints, now).index();
  Milliseconds expected = limits::passed_over_first;
  for (int failure = 0; failure < 8; ++failure) {
    // The other one is busy, so that this one is asked whenever it may be.
    ModelEndpoints::Tried other_only;
    other_only.set(bad);
    auto busy = endpoints.next(now, other_only);
    Milliseconds pause{0};
    {
      auto lease = take(endpoints, now);
      ASSERT_EQ(lease.index(), bad);
      pause = lease.failed(now);
    }
    EXPECT_EQ(pause, expected);
    EXPECT_NE(take(endpoints, now + pause - a_moment).index(), bad);
    now += pause;
    expected = std::min(limits::passed_over_max, expected * 2);
  }
}

TEST(ModelEndpoints, OneRequestAtATimeFindsOutWhetherItIsWellAgain) {
  ModelEndpoints endpoints = endpoints_of(2);
  ModelEndpoints::Tried other_tried;
  other_tried.set(1);
  const Milliseconds pause = endpoints.next(start, other_tried)->failed(start);
  const SteadyTime later = start + pause;
  ModelEndpoints::Tried first_tried;
  first_tried.set(0);
  auto busy = endpoints.next(later, first_tried);
  auto trial = take(endpoints, later);
  EXPECT_EQ(trial.index(), 0u);
  EXPECT_EQ(take(endpoints, later).index(), 1u);
  EXPECT_TRUE(trial.succeeded());
  {
    auto gone = std::move(trial);
  }
  EXPECT_EQ(take(endpoints, later).index(), 0u);
}

TEST(ModelEndpoints, WhereAllFailedTheFirstToComeBackIsAskedAllTheSame) {
  ModelEndpoints endpoints = endpoints_of(2);
  ModelEndpoints::Tried tried;
  auto a = endpoints.next(start, tried), b = endpoints.next(start, tried);
  const size_t first = a->index();
  a->failed(start);
  b->failed(start + a_moment);
  EXPECT_EQ(take(endpoints, start + a_moment).index(), first);
}

TEST(ModelEndpoints, RequestsThatFailTogetherAreOneFailure) {
  ModelEndpoints endpoints = endpoints_of(1);
  auto a = take(endpoints, start), b = take(endpoints, start);
  EXPECT_EQ(a.failed(start), limits::passed_over_first);
  EXPECT_EQ(b.failed(start), limits::passed_over_first);
  EXPECT_EQ(take(endpoints, start + limits::passed_over_first).failed(start + limits::passed_over_first), limits::passed_over_first * 2);
}

}  // namespace
}  // namespace outcrop::inference
