// Which server of a model is asked next, how many requests at a time, and who waits for whom.
#include "inference/endpoints/model_endpoints.h"

#include <gtest/gtest.h>

#include <array>

#include "base/simple_executor.h"
#include "base/task_group.h"

namespace outcrop::inference {
namespace {

using Lease = ModelEndpoints::Lease;
using Tried = ModelEndpoints::Tried;

constexpr SteadyTime start = SteadyTime{} + Seconds(1'000);
constexpr Milliseconds a_moment{1};

class StoppedClock final : public Clock {
 public:
  Instant wall() const override { return {}; }
  Instant real_wall() const override { return {}; }
  SteadyTime steady() const override { return now; }
  SteadyTime now = start;
};

// Endpoints whose time stands still unless a test moves it.
class EndpointsRig {
 public:
  explicit EndpointsRig(size_t count, EndpointsOptions options = {}) : endpoints(urls(count), clock, options) {}

  // At once, or not at all.
  Result<std::optional<Lease>> ask(ModelEndpoints::Wish wish = {}) {
    Tried tried;
    return ask(std::move(wish), tried);
  }
  Result<std::optional<Lease>> ask(ModelEndpoints::Wish wish, Tried& tried) { return executor.run(endpoints.next(std::move(wish), tried)); }
  Lease take(ModelEndpoints::Wish wish = {}) { return std::move(**ask(std::move(wish))); }
  Lease take_of(size_t index) {
    Tried tried;
    for (size_t i = 0; i < endpoints.size(); ++i) tried[i] = i != index;
    return std::move(**ask({}, tried));
  }

  // A request that waits, and what became of it.
  struct Waiting {
    Tried tried;
    std::optional<Result<std::optional<Lease>>> outcome;
    bool is_served() const { return outcome && *outcome && **outcome; }
  };
  void begin(Waiting& waiting, ModelEndpoints::Wish wish = {}) {
    executor.post([this, &waiting, wish] { tasks.spawn(note(endpoints, waiting, wish)); });
    executor.run_until_idle();
  }
  void pass(Milliseconds by) {
    clock.now += by;
    executor.run_until_idle();
  }
  void give_back(std::optional<Lease>& lease) {
    lease.reset();
    executor.run_until_idle();
  }

  StoppedClock clock;
  SimpleExecutor executor{clock};
  TaskGroup tasks;
  ModelEndpoints endpoints;

 private:
  static std::vector<net::Url> urls(size_t count) {
    std::vector<net::Url> urls;
    for (size_t i = 0; i < count; ++i) urls.push_back({.host = "model", .port = uint16_t(8000 + i)});
    return urls;
  }
  static Task<void> note(ModelEndpoints& endpoints, Waiting& waiting, ModelEndpoints::Wish wish) {
    waiting.outcome.emplace(co_await keep(endpoints.next(std::move(wish), waiting.tried)));
  }
};

TEST(ModelEndpoints, TheOneWithTheFewestRequestsIsAsked) {
  EndpointsRig rig(3);
  auto a = rig.take(), b = rig.take(), c = rig.take();
  EXPECT_EQ(a.index() + b.index() + c.index(), 3u);
  const size_t free = b.index();
  {
    auto gone = std::move(b);
  }
  EXPECT_EQ(rig.take().index(), free);
}

TEST(ModelEndpoints, EachIsTriedOnce) {
  EndpointsRig rig(2);
  Tried tried;
  auto a = rig.ask({}, tried), b = rig.ask({}, tried);
  EXPECT_NE((*a)->index(), (*b)->index());
  auto none = rig.ask({}, tried);
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST(ModelEndpoints, RequestsThatBeginAlikeGoToTheSameOne) {
  EndpointsRig rig(4);
  std::vector<size_t> used(4);
  for (uint64_t prefix = 0; prefix < 40; ++prefix) {
    const size_t first = rig.take({.prefix = prefix}).index();
    ++used[first];
    for (int again = 0; again < 5; ++again) EXPECT_EQ(rig.take({.prefix = prefix}).index(), first);
  }
  for (size_t count : used) EXPECT_GE(count, 3u);
}

TEST(ModelEndpoints, OneThatIsMuchBusierThanTheOthersIsSparedWhateverThePrefix) {
  EndpointsRig rig(4);
  std::vector<Lease> leases;
  std::vector<size_t> under_way(4);
  for (int i = 0; i < 40; ++i) ++under_way[leases.emplace_back(rig.take({.prefix = 7})).index()];
  for (size_t count : under_way) EXPECT_LE(count, 13u);  // 1.25 times the average, rounded up
}

TEST(ModelEndpoints, OneThatFailedIsPassedOverForAWhileThatDoubles) {
  EndpointsRig rig(2);
  const size_t bad = rig.take().index();
  Milliseconds expected = limits::passed_over_first;
  for (int failure = 0; failure < 8; ++failure) {
    auto busy = rig.take_of(1 - bad);  // so that the bad one is asked whenever it may be
    Milliseconds pause{0};
    {
      auto lease = rig.take();
      ASSERT_EQ(lease.index(), bad);
      pause = lease.failed(rig.clock.now);
    }
    EXPECT_EQ(pause, expected);
    rig.clock.now += pause - a_moment;
    EXPECT_NE(rig.take().index(), bad);
    rig.clock.now += a_moment;
    expected = std::min(limits::passed_over_max, expected * 2);
  }
}

TEST(ModelEndpoints, OneRequestAtATimeFindsOutWhetherItIsWellAgain) {
  EndpointsRig rig(2);
  rig.clock.now += rig.take_of(0).failed(rig.clock.now);
  auto busy = rig.take_of(1);
  std::optional<Lease> trial = rig.take();
  EXPECT_EQ(trial->index(), 0u);
  EXPECT_EQ(rig.take().index(), 1u);
  EXPECT_TRUE(trial->succeeded());
  trial.reset();
  EXPECT_EQ(rig.take().index(), 0u);
}

TEST(ModelEndpoints, WhereAllFailedTheFirstToComeBackIsAskedAllTheSame) {
  EndpointsRig rig(2);
  rig.take_of(0).failed(rig.clock.now);
  rig.take_of(1).failed(rig.clock.now + a_moment);
  rig.clock.now += a_moment;
  EXPECT_EQ(rig.take().index(), 0u);
}

TEST(ModelEndpoints, RequestsThatFailTogetherAreOneFailure) {
  EndpointsRig rig(1);
  auto a = rig.take(), b = rig.take();
  EXPECT_EQ(a.failed(start), limits::passed_over_first);
  EXPECT_EQ(b.failed(start), limits::passed_over_first);
  rig.clock.now += limits::passed_over_first;
  EXPECT_EQ(rig.take().failed(rig.clock.now), limits::passed_over_first * 2);
}

TEST(ModelEndpoints, AWindowThatIsMadeUseOfGrowsByOneAnAnswerToItsMost) {
  EndpointsRig rig(1, {.window_max = 130});
  std::vector<Lease> leases;
  for (size_t i = 0; i < size_t(limits::endpoint_window_first); ++i) leases.push_back(rig.take());
  for (int answer = 0; answer < 5; ++answer) leases[size_t(answer)].succeeded();
  EXPECT_EQ(rig.endpoints.load(0).window, 130u);
}

TEST(ModelEndpoints, AWindowThatNobodyFillsDoesNotGrow) {
  EndpointsRig rig(1);
  for (int answer = 0; answer < 100; ++answer) rig.take().succeeded();
  EXPECT_EQ(rig.endpoints.load(0).window, size_t(limits::endpoint_window_first));
}

TEST(ModelEndpoints, AServerThatHasTooMuchGetsHalfOfWhatItHad) {
  EndpointsRig rig(1);
  std::vector<Lease> leases;
  for (int i = 0; i < 40; ++i) leases.push_back(rig.take());
  for (Lease& lease : leases) lease.pushed_back(start, {});  // what was under way together is one push
  EXPECT_EQ(rig.endpoints.load(0).window, 20u);
  leases.clear();
  rig.take().pushed_back(start, {});
  EXPECT_EQ(rig.endpoints.load(0).window, 1u);
}

TEST(ModelEndpoints, AfterAPushAWindowGrowsByOneAWindowful) {
  EndpointsRig rig(1);
  std::vector<Lease> leases;
  for (int i = 0; i < 40; ++i) leases.push_back(rig.take());
  leases.front().pushed_back(start, {});
  for (int i = 1; i < 21; ++i) leases[size_t(i)].succeeded();
  EXPECT_EQ(rig.endpoints.load(0).window, 20u);
  for (int i = 21; i < 23; ++i) leases[size_t(i)].succeeded();
  EXPECT_EQ(rig.endpoints.load(0).window, 21u);
}

TEST(ModelEndpoints, WhoWaitsIsServedWhenTimeIsOverThatAServerAskedForMeanwhile) {
  EndpointsRig rig(1, {.window_max = 1});
  std::optional<Lease> lease = rig.take();
  EndpointsRig::Waiting waiting;
  rig.begin(waiting);
  lease->pushed_back(start, Seconds(2));
  rig.give_back(lease);
  EXPECT_FALSE(waiting.outcome);
  rig.pass(Seconds(2));
  EXPECT_TRUE(waiting.is_served());
}

TEST(ModelEndpoints, WhoWaitsIsServedByAServerThatIsWellAgain) {
  EndpointsRig rig(2, {.window_max = 2});
  rig.take_of(1).failed(start);
  rig.pass(limits::passed_over_first);
  const Lease busy = rig.take_of(0), busier = rig.take_of(0);
  Lease trial = rig.take_of(1);
  EndpointsRig::Waiting waiting;
  rig.begin(waiting);
  EXPECT_FALSE(waiting.outcome);
  trial.succeeded();
  rig.pass(a_moment);
  EXPECT_TRUE(waiting.is_served());
}

TEST(ModelEndpoints, WhoFindsNoPlaceWaitsInTurn) {
  EndpointsRig rig(1, {.window_max = 1});
  std::optional<Lease> lease = rig.take();
  EndpointsRig::Waiting first, second;
  rig.begin(first);
  rig.begin(second);
  EXPECT_EQ(rig.endpoints.waiting(), 2u);
  rig.give_back(lease);
  EXPECT_TRUE(first.is_served());
  EXPECT_FALSE(second.outcome);
  first.outcome.reset();
  rig.executor.run_until_idle();
  EXPECT_TRUE(second.is_served());
  EXPECT_TRUE(second.tried[0]);
}

TEST(ModelEndpoints, ABetterClassIsServedFirst) {
  EndpointsRig rig(1, {.window_max = 1});
  std::optional<Lease> lease = rig.take();
  std::array<EndpointsRig::Waiting, 4> waiting;
  for (size_t worst_first = 0; worst_first < 4; ++worst_first) {
    rig.begin(waiting[worst_first], {.admission = Admission(3 - worst_first)});
  }
  rig.give_back(lease);
  for (size_t best_first = 4; best_first-- > 0;) {
    for (size_t other = 0; other < best_first; ++other) EXPECT_FALSE(waiting[other].outcome);
    ASSERT_TRUE(waiting[best_first].is_served());
    waiting[best_first].outcome.reset();
    rig.executor.run_until_idle();
  }
}

TEST(ModelEndpoints, ANewcomerDoesNotPassWhoWaits) {
  EndpointsRig rig(1, {.window_max = 1});
  std::optional<Lease> lease = rig.take();
  EndpointsRig::Waiting early, late;
  rig.begin(early);
  lease.reset();  // nobody has run since
  rig.begin(late);
  EXPECT_TRUE(early.is_served());
  EXPECT_FALSE(late.outcome);
  early.outcome.reset();
  rig.executor.run_until_idle();
  EXPECT_TRUE(late.is_served());
}

TEST(ModelEndpoints, WhoWaitsTooLongIsThrottled) {
  EndpointsRig rig(1, {.window_max = 1, .place_wait = Seconds(5)});
  auto lease = rig.take();
  EndpointsRig::Waiting waiting;
  rig.begin(waiting);
  rig.pass(Seconds(5) - a_moment);
  EXPECT_FALSE(waiting.outcome);
  rig.pass(a_moment);
  ASSERT_TRUE(waiting.outcome);
  EXPECT_EQ(waiting.outcome->error().code, "ThrottlingException");
  EXPECT_EQ(rig.endpoints.waiting(), 0u);
}

TEST(ModelEndpoints, WhoGoesWhileItWaitsLeavesTheLine) {
  EndpointsRig rig(1, {.window_max = 1});
  std::optional<Lease> lease = rig.take();
  std::stop_source caller;
  EndpointsRig::Waiting gone, next;
  rig.begin(gone, {.stop = caller.get_token()});
  rig.begin(next);
  caller.request_stop();
  lease.reset();
  rig.executor.run_until_idle();
  EXPECT_TRUE(next.is_served());
  ASSERT_TRUE(gone.outcome);
  EXPECT_EQ(gone.outcome->error().code, "ConnectionClosed");
}

TEST(ModelEndpoints, AServerIsLeftAloneForAsLongAsItSays) {
  EndpointsRig rig(1);
  rig.take().pushed_back(start, Seconds(3));
  EndpointsRig::Waiting waiting;
  rig.begin(waiting);
  rig.pass(Seconds(3) - a_moment);
  EXPECT_FALSE(waiting.outcome);
  rig.pass(a_moment);
  EXPECT_TRUE(waiting.is_served());
}

TEST(ModelEndpoints, NobodyWaitsForAServerThatWantsToBeLeftAloneForLonger) {
  EndpointsRig rig(1, {.place_wait = Seconds(5)});
  rig.take().pushed_back(start, Seconds(6));
  auto throttled = rig.ask();
  ASSERT_FALSE(throttled);
  EXPECT_EQ(throttled.error().code, "ThrottlingException");
}

TEST(ModelEndpoints, AnotherServerIsAskedWhileOneIsLeftAlone) {
  EndpointsRig rig(2);
  rig.take_of(0).pushed_back(start, Seconds(3));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(rig.take().index(), 1u);
}

TEST(ModelEndpoints, TiersAndLatencyDecideWhoWaitsForWhom) {
  EXPECT_LT(admission_of(Latency::standard, ServiceTier::reserved), admission_of(Latency::standard, ServiceTier::priority));
  EXPECT_LT(admission_of(Latency::standard, ServiceTier::priority), admission_of(Latency::standard, ServiceTier::standard));
  EXPECT_LT(admission_of(Latency::standard, ServiceTier::standard), admission_of(Latency::optimized, ServiceTier::flex));
  EXPECT_LT(admission_of(Latency::optimized, ServiceTier::standard), admission_of(Latency::standard, ServiceTier::standard));
}

constexpr EndpointsOptions as_listed{.order = EndpointsOptions::Order::as_listed};

TEST(ModelEndpointsAsListed, TheFirstIsAskedHoweverBusyItIs) {
  EndpointsRig rig(3, as_listed);
  const Lease busy = rig.take();
  EXPECT_EQ(busy.index(), 0u);
  EXPECT_EQ(rig.take().index(), 0u);
}

TEST(ModelEndpointsAsListed, TheOthersFollowInTheirOrderEachOnce) {
  EndpointsRig rig(3, as_listed);
  Tried tried;
  for (size_t expected : {0, 1, 2}) EXPECT_EQ((**rig.ask({}, tried)).index(), expected);
  EXPECT_FALSE(*rig.ask({}, tried));
}

TEST(ModelEndpointsAsListed, OneThatFailedIsPassedOverForAWhile) {
  EndpointsRig rig(3, as_listed);
  const Milliseconds pause = rig.take().failed(start);
  EXPECT_EQ(rig.take().index(), 1u);
  rig.pass(pause);
  EXPECT_EQ(rig.take().index(), 0u);
}

}  // namespace
}  // namespace outcrop::inference
