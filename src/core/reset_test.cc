#include "core/reset.h"

#include <gtest/gtest.h>

#include "core/testing/test_server.h"

namespace outcrop {
namespace {

using namespace std::chrono_literals;

struct ResetTest : testing::Test {
  TestServer server;
  TestWorld& test = server.test;
  DurableTimers timers{*server.shards};
  std::vector<std::string> fired;

  ResetTest() {
    timers.on("test/note", [this](Shard&, const DurableTimer& timer) -> Task<Result<void>> {
      fired.push_back(timer.account);
      co_return {};
    });
    EXPECT_TRUE(test.run(timers.start()));
  }
  ~ResetTest() override { test.run(timers.stop()); }

  // One key of a service, one of another and a timer, in each shard.
  void fill(std::string account) {
    for (uint32_t i = 0; i < server.shards->count(); ++i) {
      auto write = [&](Shard& shard) -> Task<Result<void>> {
        shard.batch().put(shard.account_prefix("parcel", account) + "x", "1");
        shard.batch().put(shard.account_prefix("zeppelin", account) + "x", "1");
        timers.set(shard, {.due = test.clock.wall() + 1h, .kind = "test/note", .account = account, .id = "a", .payload = ""});
        co_return co_await keep(shard.committed());
      };
      ASSERT_TRUE(test.run(Shards::call(server.shards->at(i), write)));
    }
  }
  std::vector<std::string> keys() {
    std::vector<std::string> keys;
    for (auto& entry : *test.run(test.store.scan(store::Range::prefix("s")))) keys.push_back(entry.key);
    return keys;
  }
};

TEST_F(ResetTest, AllIsErasedAndNoTimerFires) {
  fill("111111111111");
  fill("222222222222");
  EXPECT_EQ(keys().size(), 24u);
  EXPECT_TRUE(test.run(server.reset.run(std::nullopt)));
  EXPECT_TRUE(keys().empty());
  test.advance(2h);
  EXPECT_TRUE(fired.empty());
}

TEST_F(ResetTest, AnAccountIsErasedAndTheOthersStay) {
  fill("111111111111");
  fill("222222222222");
  EXPECT_TRUE(test.run(server.reset.run("111111111111")));
  EXPECT_EQ(keys().size(), 12u);
  for (auto& key : keys()) EXPECT_EQ(key.find("111111111111"), std::string::npos);
  test.advance(2h);
  EXPECT_EQ(fired, std::vector<std::string>(4, "222222222222"));
}

TEST_F(ResetTest, HooksRunAfterTheShardsAreEmpty) {
  fill("111111111111");
  std::optional<size_t> left;
  server.reset.on_reset([&](const std::optional<std::string>& account) -> Task<Result<void>> {
    EXPECT_EQ(account, "111111111111");
    left = (co_await keep(test.store.scan(store::Range::prefix("s"))))->size();
    co_return {};
  });
  EXPECT_TRUE(test.run(server.reset.run("111111111111")));
  EXPECT_EQ(left, 0u);
}

TEST_F(ResetTest, AnEmptyServerIsResetWithoutAWrite) {
  const uint64_t writes = test.store.writes();
  EXPECT_TRUE(test.run(server.reset.run(std::nullopt)));
  EXPECT_EQ(test.store.writes(), writes);
}

TEST_F(ResetTest, WhileTrafficRunsEveryWriteIsEitherErasedOrCameLater) {
  TaskGroup tasks;
  int answered = 0;
  auto traffic = [&](int number) -> Task<void> {
    Shard& shard = server.shards->at(uint32_t(number % 4));
    auto write = [&](Shard& shard) -> Task<Result<void>> {
      shard.batch().put(shard.account_prefix("parcel", "111111111111") + std::to_string(number), "1");
      co_return co_await keep(shard.committed());
    };
    for (int i = 0; i < 20; ++i) answered += (co_await keep(Shards::call(shard, write))).has_value();
  };
  auto reset = [&]() -> Task<void> { EXPECT_TRUE((co_await keep(server.reset.run(std::nullopt))).has_value()); };
  for (int i = 0; i < 50; ++i) {
    tasks.spawn_on(test.executor, traffic(i));
    if (i % 10 == 0) tasks.spawn_on(test.executor, reset());
  }
  test.run(tasks.join());
  EXPECT_EQ(answered, 1000) << "a reset delays calls and fails none";
  EXPECT_TRUE(test.run(server.reset.run(std::nullopt)));
  EXPECT_TRUE(keys().empty());
}

}  // namespace
}  // namespace outcrop
