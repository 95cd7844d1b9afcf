// When credentials are asked for anew, and by whom.
#include "auth/credentials/credential_cache.h"

#include <gtest/gtest.h>

#include "base/simple_executor.h"
#include "base/task_group.h"

namespace outcrop::auth {
namespace {

class SettableClock final : public Clock {
 public:
  Instant wall() const override { return real_wall(); }
  Instant real_wall() const override { return now; }
  SteadyTime steady() const override { return real_.steady(); }
  Instant now = instant_from_ms(1'800'000'000'000);

 private:
  RealClock real_;
};

// Counts how often it was asked; answers once it is let.
class CountingSource final : public CredentialSource {
 public:
  CountingSource(SettableClock& clock, int& asked, bool& fails) : clock_(clock), asked_(asked), fails_(fails) {}
  Task<Result<IssuedCredentials>> load() override {
    ++asked_;
    co_await Executor::current()->yield();  // others ask meanwhile
    if (fails_) co_return no_credentials("gone");
    co_return IssuedCredentials{{fmt::format("KEY{}", asked_), "s"}, clock_.now + std::chrono::hours(1)};
  }

 private:
  SettableClock& clock_;
  int& asked_;
  bool& fails_;
};

Task<void> keep_key_of(CredentialCache& cache, std::vector<std::string>& out) { out.push_back((co_await cache.get())->access_key_id); }

class CredentialCacheTest : public ::testing::Test {
 protected:
  std::string key() {
    auto credentials = executor_.run(cache_.get());
    return credentials ? credentials->access_key_id : credentials.error().code;
  }

  SettableClock clock_;
  int asked_ = 0;
  bool fails_ = false;
  SimpleExecutor executor_{clock_};
  CredentialCache cache_{std::make_unique<CountingSource>(clock_, asked_, fails_), clock_};
};

TEST_F(CredentialCacheTest, TheyAreAskedForOnceAndAgainBeforeTheyEnd) {
  EXPECT_EQ(key(), "KEY1");
  clock_.now += std::chrono::minutes(54);
  EXPECT_EQ(key(), "KEY1");
  clock_.now += std::chrono::minutes(2);
  EXPECT_EQ(key(), "KEY2");
}

TEST_F(CredentialCacheTest, ThoseWhoAskTogetherAskOnce) {
  std::vector<std::string> keys;
  TaskGroup group;
  for (int i = 0; i < 3; ++i) {
    group.spawn_on(executor_, keep_key_of(cache_, keys));
  }
  executor_.run(group.join());
  EXPECT_EQ(keys, (std::vector<std::string>(3, "KEY1")));
  EXPECT_EQ(asked_, 1);
}

TEST_F(CredentialCacheTest, ARefreshThatFailsLeavesThoseThereAreWhileTheyAreGood) {
  key();
  fails_ = true;
  clock_.now += std::chrono::minutes(56);
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(asked_, 2);  // not again at once
  clock_.now += std::chrono::minutes(4);
  EXPECT_EQ(key(), "CredentialsUnavailable");
  fails_ = false;
  EXPECT_EQ(key(), "KEY4");
}

TEST_F(CredentialCacheTest, RefusedOnesAreAskedForAgainUnlessTheyAreNew) {
  key();
  cache_.refused();
  EXPECT_EQ(key(), "KEY1");
  clock_.now += std::chrono::minutes(1);
  cache_.refused();
  EXPECT_EQ(key(), "KEY2");
}

}  // namespace
}  // namespace outcrop::auth
