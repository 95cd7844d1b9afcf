// What store's tests share: an engine that can be told to fail, a directory that goes away, executors on threads.
#pragma once
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "base/activity.h"
#include "base/random.h"
#include "base/simple_executor.h"
#include "base/thread_pool.h"
#include "store/engine.h"
#include "store/local_store.h"
#include "store/open_store.h"

namespace outcrop::store {

// A fresh directory, gone at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Passes everything on to another engine and can get in its way.
class WatchedEngine final : public Engine {
 public:
  enum class Trouble { none, fails_before, fails_after, waits_once };
  explicit WatchedEngine(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

  std::atomic<Trouble> trouble = Trouble::none;
  std::atomic<bool> misses_memory = false;  // reads answer only where they may wait
  std::atomic<size_t> gets = 0;
  // Sees every batch in the order of commits.
  std::function<void(const WriteBatch&)> on_apply;

  std::unique_ptr<Snapshot> snapshot() override { return engine_->snapshot(); }
  Answer<std::optional<std::string>> get(std::string_view key, const Snapshot* at, Wait wait) override;
  Answer<Page> scan(const Range& range, const ScanOptions& options, const Snapshot* at, Wait wait) override;
  Answer<void> apply(std::span<const WriteBatch* const> batches, Wait wait) override;
  bool apply_waits() const override { return engine_->apply_waits(); }
  Result<void> sync() override { return engine_->sync(); }
  Result<void> trim() override { return engine_->trim(); }
  void add_stats(StoreStats& stats) const override { engine_->add_stats(stats); }

 private:
  std::unique_ptr<Engine> engine_;
};

struct Backend {
  std::string name;
  bool on_disk;
  Durability durability;
};
std::vector<Backend> all_backends();

// The parts a store stands on, and the store.
class TestStore {
 public:
  explicit TestStore(const Backend& backend);

  template <class T>
  T run(Task<T> task) {
    return executor.run(std::move(task));
  }
  // Runs body(executor) on `threads` threads, each with an executor of its own, and waits for all.
  void on_threads(size_t threads, const std::function<void(SimpleExecutor&, size_t)>& body);
  // Closes and opens again.
  void reopen();
  StoreOptions options();

  const Backend backend;
  TemporaryDirectory directory;
  RealClock clock;
  SystemRandom random;
  Activity activity;
  SimpleExecutor executor{clock, &activity};
  std::deque<SimpleExecutor> thread_executors;  // outlive who posts to them: the pool and the store
  ThreadPool pool{4, &activity};
  WatchedEngine* engine = nullptr;
  std::unique_ptr<Store> store;
};

// The seed of a random test: OUTCROP_SEED, or a new one; printed when the test fails.
uint64_t test_seed();

}  // namespace outcrop::store
