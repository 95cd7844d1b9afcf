// LocalStore: the store on an engine in this process. Reads answer on the caller's thread when memory has them and
// go to the pool otherwise; transactions validate optimistically; commits are grouped.
#pragma once
#include <memory>

#include "base/activity.h"
#include "base/random.h"
#include "base/thread_pool.h"
#include "store/committer.h"
#include "store/engine.h"
#include "store/recent_values.h"
#include "store/store.h"
#include "store/validator.h"

namespace outcrop::store {

// Reads of one state of the engine.
class Reader {
 public:
  Reader(Engine& engine, ThreadPool& pool) : engine_(engine), pool_(pool) {}
  // `at` null: the latest state.
  Task<Result<std::optional<std::string>>> get(std::string_view key, const Engine::Snapshot* at);
  Task<Result<Page>> scan(const Range& range, const ScanOptions& options, const Engine::Snapshot* at);

 private:
  Engine& engine_;
  ThreadPool& pool_;
};

class LocalStore final : public Store {
 public:
  struct Parts {
    std::unique_ptr<Engine> engine;
    const Clock& clock;
    Random& random;
    ThreadPool& pool;
    Activity* activity = nullptr;
    size_t recent_bytes = 0;  // of values that were written last
  };
  explicit LocalStore(Parts parts);

  Task<Result<std::optional<std::string>>> get(std::string_view key) override;
  Task<Result<std::vector<Entry>>> scan(const Range& range, ScanOptions options = {}) override;
  Task<Result<void>> write(WriteBatch batch) override;
  Task<Result<void>> flush() override;
  Task<Result<void>> trim() override;
  StoreStats stats() const override;

 protected:
  Task<Result<std::unique_ptr<Transaction>>> begin() override;
  Task<Result<bool>> commit(std::unique_ptr<Transaction> tx) override;
  Task<Result<void>> back_off(int attempt) override;

 private:
  Parts parts_;
  Reader reader_;
  Validator validator_;
  RecentValues recent_;
  Committer committer_;
};

}  // namespace outcrop::store
