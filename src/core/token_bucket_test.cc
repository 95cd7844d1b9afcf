#include "core/token_bucket.h"

#include <gtest/gtest.h>

#include <thread>

namespace outcrop {
namespace {

using namespace std::chrono_literals;

constexpr Instant bucket_start = instant_from_ms(1'700'000'000'000);

TEST(TokenBucket, StartsFullAndRefusesWhatIsMoreThanIsThere) {
  TokenBucket bucket(10, 3);
  EXPECT_EQ(bucket.take(bucket_start), 0ns);
  EXPECT_EQ(bucket.take(bucket_start, 2), 0ns);
  EXPECT_EQ(bucket.take(bucket_start), 100ms);
}

TEST(TokenBucket, TellsExactlyHowLongToWait) {
  TokenBucket bucket(10, 5);
  bucket.take(bucket_start, 5);
  EXPECT_EQ(bucket.take(bucket_start, 3), 300ms);
  EXPECT_EQ(bucket.take(bucket_start + 299ms, 3), 1ms);
  EXPECT_EQ(bucket.take(bucket_start + 300ms, 3), 0ns);
}

TEST(TokenBucket, ARefusalTakesNothing) {
  TokenBucket bucket(1, 2);
  for (int i = 0; i < 10; ++i) EXPECT_NE(bucket.take(bucket_start, 2.5), 0ns);
  EXPECT_EQ(bucket.take(bucket_start, 2), 0ns);
}

TEST(TokenBucket, NeverHoldsMoreThanItsBurst) {
  TokenBucket bucket(100, 4);
  EXPECT_DOUBLE_EQ(bucket.available(bucket_start + 24h), 4);
  EXPECT_EQ(bucket.take(bucket_start + 24h, 4), 0ns);
  EXPECT_NE(bucket.take(bucket_start + 24h), 0ns);
}

TEST(TokenBucket, SaysThatMoreThanTheBurstNeverComes) {
  TokenBucket bucket(1, 5);
  EXPECT_EQ(bucket.take(bucket_start, 6), TokenBucket::Nanoseconds::max());
}

TEST(TokenBucket, AReservationGoesIntoDebtAndPaces) {
  TokenBucket bucket(2, 1);
  EXPECT_EQ(bucket.reserve(bucket_start, 1), 0ns);
  EXPECT_EQ(bucket.reserve(bucket_start, 1), 500ms);
  EXPECT_EQ(bucket.reserve(bucket_start, 1), 1s);
  EXPECT_DOUBLE_EQ(bucket.available(bucket_start), -2);
}

TEST(TokenBucket, SettlingGivesBackWhatAnEstimateTookTooMuch) {
  TokenBucket bucket(1, 100);
  bucket.reserve(bucket_start, 80);
  bucket.settle(50);
  EXPECT_DOUBLE_EQ(bucket.available(bucket_start), 70);
  bucket.settle(-90);
  EXPECT_DOUBLE_EQ(bucket.available(bucket_start), -20);
}

TEST(TokenBucket, AClockThatWentBackNeitherFillsNorBreaksIt) {
  TokenBucket bucket(1, 2);
  EXPECT_EQ(bucket.take(bucket_start, 2), 0ns);
  EXPECT_EQ(bucket.take(bucket_start - 1s), 2s);
  EXPECT_EQ(bucket.take(bucket_start + 1s), 0ns);
}

TEST(TokenBucket, ManyThreadsTogetherTakeNoMoreThanItHolds) {
  TokenBucket bucket(1, 1000);
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) taken += bucket.take(bucket_start) == 0ns;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 1000);
}

TEST(TokenBucket, ANewRateLeavesTakenWhatIsNotThereAgain) {
  TokenBucket bucket(10, 600);  // 600 a minute
  EXPECT_EQ(bucket.take(bucket_start, 450), 0ns);
  bucket.change(bucket_start, 20, 1200);
  EXPECT_DOUBLE_EQ(bucket.available(bucket_start), 750);
  EXPECT_DOUBLE_EQ(bucket.available(bucket_start + 10s), 950) << "and fills at the new rate";
  EXPECT_EQ(bucket.take(bucket_start, 751), 50ms);
  EXPECT_EQ(bucket.take(bucket_start, 750), 0ns);
}

TEST(TokenBucket, ANewRateLeavesAFullBucketFull) {
  TokenBucket bucket(10, 600);
  bucket.change(bucket_start, 20, 1200);
  EXPECT_EQ(bucket.take(bucket_start, 1200), 0ns);
  bucket.change(bucket_start, 10, 600);
  EXPECT_DOUBLE_EQ(bucket.available(bucket_start), -600) << "less than was taken is debt";
}

TEST(TokenBucket, GivesBackWhatWasTakenAtAnotherRate) {
  TokenBucket bucket(10, 600);
  EXPECT_EQ(bucket.take(bucket_start, 500), 0ns);
  bucket.change(bucket_start, 20, 1200);
  bucket.settle(500);
  EXPECT_DOUBLE_EQ(bucket.available(bucket_start), 1200);
}

TEST(TokenBucket, IsFullAfterARefillHoweverMuchWasTaken) {
  TokenBucket bucket(10, 600);
  bucket.reserve(bucket_start, 5000);
  bucket.refill();
  EXPECT_EQ(bucket.take(bucket_start, 600), 0ns);
  EXPECT_NE(bucket.take(bucket_start), 0ns);
}

}  // namespace
}  // namespace outcrop
