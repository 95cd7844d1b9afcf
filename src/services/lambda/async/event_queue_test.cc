#include "services/lambda/async/event_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "base/task_group.h"
#include "core/testing/test_world.h"
#include "services/lambda/async/limits.h"
#include "services/lambda/async/shard_events.h"

namespace outcrop::lambda {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// A service whose attempts end when and how a test says.
class QueueOfEvents : public testing::Test, public EventHost {
 public:
  QueueOfEvents() { shards_ = world.run(Shards::open(world_, 1)).value(); }
  ~QueueOfEvents() override {
    hold_ = false;
    released_.notify_all();
    settle();
    world.run(shards_->close());
    settle();
  }

  void spawn(Task<void> work) override { background_.spawn(std::move(work)); }
  Task<std::optional<uint32_t>> concurrency_of(const EventQueueName&, const AsyncEventRecord&) override { co_return concurrency; }
  Task<Verdict> attempt(const EventQueueName&, AsyncEventRecord& event) override {
    tried.push_back(event.payload);
    ++event.invocations;
    running_max = std::max(running_max, ++running_);
    while (hold_) co_await released_.wait();
    --running_;
    if (verdicts.empty()) co_return Verdict{};
    Verdict verdict = verdicts.front();
    verdicts.pop_front();
    co_return verdict;
  }

  static EventQueueName name(std::string function = "orders") { return {{"000000000000", "us-east-1"}, std::move(function)}; }
  Shard& shard() { return shards_->at(0); }
  std::shared_ptr<EventQueue> queue() { return shard().memory<ShardEvents>()->queue(*this, name()); }

  void add(std::string payload) {
    world
        .run(Shards::call(shard(),
                          [&](Shard& shard) -> Task<Result<void>> {
                            AsyncEventRecord event;
                            event.request_id = world.random.uuid();
                            event.received_at = world.clock.wall();
                            event.payload = std::move(payload);
                            queue()->add(std::move(event));
                            co_await shard.committed();
                            queue()->pump();
                            co_return {};
                          }))
        .value();
  }
  void settle() { world.executor.run_until_idle(); }
  void hold() { hold_ = true; }
  void release() {
    hold_ = false;
    world.run(wake());
    settle();
  }
  // What a crash leaves: memory is gone, the store stays.
  void crash() {
    world.run(shard().restart([]() -> Task<Result<void>> { co_return Result<void>(); })).value();
    settle();
  }
  void open_again() {
    world.run(Shards::call(shard(), [&](Shard& shard) { return shard.memory<ShardEvents>()->open_all(*this); })).value();
    settle();
  }
  size_t stored() {
    world.run(shard().committed()).value();
    return world.run(world.store.scan(EventKeys::everything(shard()), {.entries_max = 10'000})).value().size();
  }

  TestWorld world;
  std::optional<uint32_t> concurrency;
  std::vector<std::string> tried;
  std::deque<Verdict> verdicts;
  size_t running_max = 0;

 private:
  Task<void> wake() {
    released_.notify_all();
    co_return;
  }

  World& world_ = world.world;
  std::unique_ptr<Shards> shards_;
  TaskGroup background_;
  bool hold_ = false;
  size_t running_ = 0;
  Signal released_;
};

Verdict again(Instant due) { return {.kind = Verdict::Kind::again, .due = due}; }

TEST_F(QueueOfEvents, TriesEventsInTheOrderTheyCame) {
  concurrency = 1;
  for (const char* payload : {"1", "2", "3"}) add(payload);
  settle();
  EXPECT_THAT(tried, ElementsAre("1", "2", "3"));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(QueueOfEvents, AnEventThatIsToComeAgainWaitsForItsInstant) {
  verdicts = {again(world.clock.wall() + 60s)};
  add("1");
  settle();
  world.advance(59s);
  EXPECT_EQ(tried.size(), 1u);
  world.advance(1s);
  settle();
  EXPECT_THAT(tried, ElementsAre("1", "1"));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(QueueOfEvents, NoMoreThanTheFunctionsConcurrencyIsTriedAtATime) {
  concurrency = 2;
  hold();
  for (int i = 0; i < 5; ++i) add(std::to_string(i));
  settle();
  EXPECT_EQ(running_max, 2u);
  release();
  EXPECT_EQ(running_max, 2u);
  EXPECT_EQ(tried.size(), 5u);
}

TEST_F(QueueOfEvents, ABurstDoesNotMakeAnEnvironmentAnEvent) {
  hold();
  for (int i = 0; i < 50; ++i) add("{}");
  settle();
  EXPECT_EQ(running_max, limits::deliveries_first);
  release();
  EXPECT_EQ(tried.size(), 50u);
}

TEST_F(QueueOfEvents, AfterARefusalNothingIsTriedForASecond) {
  verdicts = {{.kind = Verdict::Kind::again, .due = world.clock.wall() + 1s, .is_refused = true}};
  concurrency = 1;
  add("1");
  add("2");
  settle();
  EXPECT_THAT(tried, ElementsAre("1"));
  world.advance(1s);
  settle();
  EXPECT_THAT(tried, ElementsAre("1", "2", "1"));
}

TEST_F(QueueOfEvents, WhatWasNotOverIsTriedAfterACrash) {
  hold();
  add("1");
  add("2");
  settle();
  crash();
  tried.clear();
  release();
  open_again();
  EXPECT_THAT(tried, ElementsAre("1", "2"));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(QueueOfEvents, AnInstantThatIsWaitedForSurvivesACrash) {
  verdicts = {again(world.clock.wall() + 60s)};
  add("1");
  settle();
  crash();
  open_again();
  EXPECT_EQ(tried.size(), 1u);
  world.advance(60s);
  settle();
  EXPECT_EQ(tried.size(), 2u);
}

TEST_F(QueueOfEvents, ALongPayloadComesBackWhole) {
  std::string payload(1 << 20, 'x');
  payload.front() = payload.back() = '"';
  verdicts = {again(world.clock.wall() + 60s)};
  add(payload);
  settle();
  crash();
  open_again();
  world.advance(60s);
  settle();
  EXPECT_THAT(tried, ElementsAre(payload, payload));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(QueueOfEvents, ALongPayloadIsNotLookedForBeforeItIsOnDisk) {
  const std::string payload = "\"" + std::string(1 << 20, 'x') + "\"";
  world
      .run(Shards::call(shard(),
                        [&](Shard& shard) -> Task<Result<void>> {
                          queue()->add({.request_id = "id-1", .received_at = world.clock.wall(), .payload = payload});
                          queue()->pump();  // as another event's end does
                          co_return co_await keep(shard.committed());
                        }))
      .value();
  settle();
  EXPECT_THAT(tried, ElementsAre(payload));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(QueueOfEvents, MemoryHoldsAWindowOfTheEvents) {
  const size_t events = 5 * limits::waiting_events_window;
  concurrency = 1;
  hold();
  for (size_t i = 0; i < events; ++i) add(std::to_string(i));
  settle();
  EXPECT_LE(queue()->held(), 2 * limits::waiting_events_window);
  EXPECT_EQ(stored(), events);
  release();
  std::vector<std::string> expected;
  for (size_t i = 0; i < events; ++i) expected.push_back(std::to_string(i));
  EXPECT_EQ(tried, expected);
  EXPECT_EQ(stored(), 0u);
  EXPECT_TRUE(queue()->is_idle());
}

TEST_F(QueueOfEvents, AnEventThatIsDueSoonerThanTheWindowIsNotHeldBack) {
  for (int i = 0; i < 3; ++i) verdicts.push_back(again(world.clock.wall() + 60s));
  for (int i = 0; i < 3; ++i) add("later");
  settle();
  tried.clear();
  add("now");
  settle();
  EXPECT_THAT(tried, ElementsAre("now"));
}

}  // namespace
}  // namespace outcrop::lambda
