#include "server/quiet_trim.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/random.h"
#include "base/simple_executor.h"
#include "base/task_group.h"
#include "core/timers.h"
#include "store/open_store.h"

namespace outcrop::server {
namespace {

// An empty write buffer has its filter.
constexpr uint64_t memory_bytes_max = 1'500'000;

struct QuietTrimTest : testing::Test {
  ~QuietTrimTest() override {
    store.reset();
    std::filesystem::remove_all(directory);
  }

  const std::string directory = std::filesystem::temp_directory_path() / fmt::format("outcrop-quiet-trim-{}", ::getpid());
  RealClock clock;
  SystemRandom random;
  ThreadPool pool{2};
  SimpleExecutor executor{clock};
  std::unique_ptr<store::Store> store = store::open_store({.directory = directory, .clock = clock, .random = random, .pool = pool}).value();

  Task<Result<void>> write_two_megabytes() {
    store::WriteBatch batch;
    for (int key = 0; key < 4; ++key) batch.put(std::to_string(key), std::string(500'000, 'v'));
    co_return co_await keep(store->write(std::move(batch)));
  }
  // Bounded by half a minute.
  Task<bool> is_trimmed() {
    const SteadyTime bound = clock.steady() + Seconds(30);
    while (store->stats().memory_bytes > memory_bytes_max && clock.steady() < bound)
      co_await steady_until(clock.steady() + Milliseconds(4));
    co_return store->stats().memory_bytes <= memory_bytes_max;
  }
};

TEST_F(QuietTrimTest, WhatABurstLeftInMemoryIsWrittenOnceNothingComes) {
  const bool trimmed = executor.run([&] -> Task<bool> {
    TaskGroup tasks;
    tasks.spawn(trim_when_quiet(*store, clock, Milliseconds(20), tasks.stop_token()));
    bool trimmed = true;
    for (int burst = 0; burst < 2; ++burst) {
      EXPECT_TRUE((co_await keep(write_two_megabytes())).has_value());
      trimmed = co_await is_trimmed() && trimmed;
    }
    tasks.request_stop();
    co_await tasks.join();
    co_return trimmed;
  }());
  EXPECT_TRUE(trimmed);
}

}  // namespace
}  // namespace outcrop::server
