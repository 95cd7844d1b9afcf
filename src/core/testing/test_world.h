// A world for tests: one thread, memory store, a manual clock and a seed. Time moves by advance() only.
#pragma once
#include <cstdlib>
#include <iostream>
#include <string>

#include "base/real_processes.h"
#include "base/simple_executor.h"
#include "core/manual_clock.h"
#include "core/world.h"
#include "store/blob_store.h"
#include "store/open_store.h"

namespace outcrop {

// The seed of a random test: OUTCROP_SEED when it is set, else a fresh one; printed, so that a failure can be repeated.
inline uint64_t test_seed() {
  SystemRandom system;
  const char* given = std::getenv("OUTCROP_SEED");
  const uint64_t seed = given ? std::strtoull(given, nullptr, 10) : system.next();
  std::cout << "OUTCROP_SEED=" << seed << std::endl;
  return seed;
}

// Passes on to another store until it is told to fail.
class FailingStore final : public store::Store {
 public:
  explicit FailingStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}

  // The next `writes` writes reach nothing and fault.
  void fail_writes(int writes) { failing_writes_ = writes; }
  uint64_t writes() const { return writes_; }

  Task<Result<std::optional<std::string>>> get(std::string_view key) override { return inner_->get(key); }
  Task<Result<std::vector<store::Entry>>> scan(const store::Range& range, store::ScanOptions options = {}) override {
    return inner_->scan(range, options);
  }
  Task<Result<void>> write(store::WriteBatch batch) override {
    ++writes_;
    if (failing_writes_ > 0) return fail_one();
    return inner_->write(std::move(batch));
  }
  store::StoreStats stats() const override { return inner_->stats(); }
  Task<Result<void>> flush() override { return inner_->flush(); }

 protected:
  Task<Result<std::unique_ptr<store::Transaction>>> begin() override {
    co_return fail("Unsupported", 500, "tests of core use no transactions");
  }
  Task<Result<bool>> commit(std::unique_ptr<store::Transaction>) override { co_return fail("Unsupported", 500, ""); }
  Task<Result<void>> back_off(int) override { co_return {}; }

 private:
  Task<Result<void>> fail_one() {
    --failing_writes_;
    for (int turn = 0; turn < 10; ++turn) co_await Executor::current()->yield();  // others are handed over meanwhile
    co_return fail("StoreUnavailable", 500, "the disk is gone");
  }

  std::unique_ptr<store::Store> inner_;
  std::atomic<int> failing_writes_ = 0;
  std::atomic<uint64_t> writes_ = 0;
};

// Blobs are nothing core touches.
class NoBlobs final : public store::BlobStore {
 public:
  Task<Result<std::unique_ptr<store::BlobWriter>>> create() override { co_return fail("Unsupported", 500, "no blobs here"); }
  Task<Result<std::unique_ptr<store::BlobReader>>> open(std::string_view, uint64_t, uint64_t) override {
    co_return fail("Unsupported", 500, "no blobs here");
  }
  Task<Result<void>> erase(std::string_view) override { co_return {}; }
  Task<Result<uint64_t>> sweep(IsReferenced, Seconds) override { co_return 0; }
};

struct TestWorld {
  static constexpr Instant start = instant_from_ms(1'800'000'000'000);  // 2027-01-15T08:00:00Z

  Activity activity;
  ManualClock clock{activity, start};
  SimpleExecutor executor{clock, &activity};
  SeededRandom random{1};
  ThreadPool pool{2, &activity};
  FailingStore store{std::move(*store::open_store({.clock = clock, .random = random, .pool = pool, .activity = &activity}))};
  NoBlobs blobs;
  RealProcesses processes;
  World world{clock, random, store, blobs, pool, activity, clock, {&executor}, processes};

  template <class T>
  T run(Task<T> task) {
    return executor.run(std::move(task));
  }
  uint64_t advance(Milliseconds by) { return run(clock.advance(by)).value(); }
};

}  // namespace outcrop
