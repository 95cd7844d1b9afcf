// The ordered, transactional key-value store that everything durable stands on.
//
// The contract, which every backend keeps and store/contract_test checks on each:
//  1. Keys are ordered bytewise. A transaction is serialisable by optimistic concurrency: its reads come from
//     one snapshot plus its own writes; at commit every key and every scanned range it read is validated
//     against what others committed meanwhile (write skew over a scanned range included).
//  2. run(body) retries the body on conflict, so a body may run more than once: no effects outside the
//     transaction. Its fault aborts the transaction and is the answer.
//  3. A resolved commit is on disk when durability is `sync`. Commits are grouped: many share one sync.
//     A commit whose outcome is unknown faults with CommitUnknown and may have happened.
//  4. Limits: see limits.h. Debug builds enforce them at once; release builds answer with a fault.
//  5. Any thread with an Executor may call; the caller resumes on its own executor.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"

namespace outcrop::store {

struct Entry {
  std::string key, value;
};

// Keys k with begin <= k < end.
struct Range {
  std::string begin, end;
  static Range prefix(std::string_view prefix);
};

struct ScanOptions {
  size_t entries_max = 1000;
  size_t bytes_max = 1 << 20;  // of keys and values; at least one entry is given
  bool reverse = false;        // from the end of the range down
};

// An atomic group of writes; later ones win.
class WriteBatch {
 public:
  void put(std::string_view key, std::string_view value);
  void erase(std::string_view key);
  void erase_range(const Range& range);
  bool empty() const { return operations_.empty(); }
  size_t bytes() const { return bytes_; }
  void clear();
  void append(WriteBatch&& other);

  enum class Kind : uint8_t { put, erase, erase_range };
  struct Operation {
    Kind kind;
    std::string key, value;  // erase_range: begin, end
  };
  const std::vector<Operation>& operations() const { return operations_; }

 private:
  std::vector<Operation> operations_;
  size_t bytes_ = 0;
};

// One attempt of a body.
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual Task<Result<std::optional<std::string>>> get(std::string_view key) = 0;
  virtual Task<Result<std::vector<Entry>>> scan(const Range& range, ScanOptions options = {}) = 0;
  virtual void put(std::string_view key, std::string_view value) = 0;
  virtual void erase(std::string_view key) = 0;
  virtual void erase_range(const Range& range) = 0;
};

struct StoreStats {
  uint64_t commits = 0, conflicts = 0, syncs = 0, bytes_written = 0;
  uint64_t memory_bytes = 0, disk_bytes = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Latest committed state, without a transaction.
  virtual Task<Result<std::optional<std::string>>> get(std::string_view key) = 0;
  virtual Task<Result<std::vector<Entry>>> scan(const Range& range, ScanOptions options = {}) = 0;

  // Commits unconditionally and atomically. Writes of one caller commit in the order of the calls.
  virtual Task<Result<void>> write(WriteBatch batch) = 0;

  // Runs body(tx) as a transaction until it commits or faults; gives the body's value.
  // F: Task<Result<T>>(Transaction&).
  template <class F>
  auto run(F body) -> std::invoke_result_t<F&, Transaction&> {
    using R = typename std::invoke_result_t<F&, Transaction&>::value_type;
    for (int attempt = 0;; ++attempt) {
      std::unique_ptr<Transaction> tx = co_await begin();
      R result = co_await keep(body(*tx));
      if (!result) co_return fail(std::move(result.error()));
      Result<bool> committed = co_await keep(commit(std::move(tx)));
      if (!committed) co_return fail(std::move(committed.error()));
      if (*committed) co_return result;
      co_await back_off(attempt);
    }
  }

  virtual StoreStats stats() const = 0;
  // Everything acknowledged is on disk after this, also with relaxed durability.
  virtual Task<Result<void>> flush() = 0;

 protected:
  virtual Task<Result<std::unique_ptr<Transaction>>> begin() = 0;
  // true: committed; false: it conflicts, run it again.
  virtual Task<Result<bool>> commit(std::unique_ptr<Transaction> tx) = 0;
  // Waits a little, longer with each attempt; TransactionConflict 503 after attempts_max.
  virtual Task<Result<void>> back_off(int attempt) = 0;
};

}  // namespace outcrop::store
