// The ordered, transactional key-value store that everything durable stands on.
//
// The contract, which every backend keeps and store/contract_test checks on each:
//  1. Keys are ordered bytewise. A transaction is serialisable by optimistic concurrency: its reads come from
//     one snapshot plus its own writes; at commit every key and every scanned range it read is validated
//     against what others committed meanwhile (write skew over a scanned range included).
//  2. run(body) retries the body on conflict, so a body may run more than once: no effects outside the
//     transaction. Its fault aborts the transaction and is the answer.
//  3. A resolved commit is on disk when durability is `sync`, and in the operating system's hands when it is
//     `relaxed`: a killed process loses nothing acknowledged, a power cut may. Commits are grouped: many share one sync.
//  4. A commit whose outcome is unknown faults with CommitUnknown 500 and may have happened. From then on the store
//     takes no writes (StoreFailed 500) until the server is started again; reads go on.
//  5. Limits: see limits.h. What exceeds one answers StoreLimitExceeded 500, a put's with its commit; too much time TransactionTimeout 500.
//  6. Any thread with an Executor may call; the caller resumes on its own executor. Views and ranges given to a
//     method must live until its task ends. No call may be under way when the store is destroyed.
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
  bool operator==(const Entry&) const = default;
};

// Keys k with begin <= k < end.
struct Range {
  std::string begin, end;
  static Range prefix(std::string_view prefix);
  static Range all();

  bool empty() const { return begin >= end; }
  bool contains(std::string_view key) const { return begin <= key && key < end; }
  bool overlaps(const Range& other) const { return begin < other.end && other.begin < end; }
  bool operator==(const Range&) const = default;
};

// The key right after `key`: a scan goes on behind the last entry it gave from here.
std::string key_after(std::string_view key);

struct ScanOptions {
  size_t entries_max = 1000;
  size_t bytes_max = 1 << 20;  // of keys and values; the scan ends with the entry that reaches it
  bool reverse = false;        // from the end of the range down
};

// An atomic group of writes; later ones win. One flat buffer, so that a write costs a copy and no allocation.
class WriteBatch {
 public:
  void put(std::string_view key, std::string_view value) { add(Kind::put, key, value); }
  void erase(std::string_view key) { add(Kind::erase, key, {}); }
  void erase_range(const Range& range) { add(Kind::erase_range, range.begin, range.end); }
  void append(const WriteBatch& other) { buffer_ += other.buffer_; }
  void clear() { buffer_.clear(); }
  bool empty() const { return buffer_.empty(); }
  size_t bytes() const { return buffer_.size(); }  // keys, values and 9 for each operation

  enum class Kind : uint8_t { put, erase, erase_range };
  struct Operation {
    Kind kind;
    std::string_view key, value;  // erase_range: begin, end
  };
  class Iterator {
   public:
    explicit Iterator(const char* at) : at_(at) {}
    Operation operator*() const;
    Iterator& operator++();
    bool operator==(const Iterator&) const = default;

   private:
    const char* at_;
  };
  struct Operations {
    std::string_view buffer;
    Iterator begin() const { return Iterator(buffer.data()); }
    Iterator end() const { return Iterator(buffer.data() + buffer.size()); }
  };
  // Views into the batch: good until it changes.
  Operations operations() const { return {buffer_}; }

 private:
  void add(Kind kind, std::string_view key, std::string_view value);

  std::string buffer_;  // kind (1), key size (4), value size (4), key, value; and again
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
  uint64_t commits = 0;        // batches and transactions with writes
  uint64_t conflicts = 0;      // attempts that were validated in vain
  uint64_t groups = 0;         // writes to the log, each of one commit or more
  uint64_t syncs = 0;          // of the log
  uint64_t bytes_written = 0;  // keys and values, before the log
  uint64_t memory_bytes = 0, disk_bytes = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Latest committed state, without a transaction. A scan sees one state.
  virtual Task<Result<std::optional<std::string>>> get(std::string_view key) = 0;
  virtual Task<Result<std::vector<Entry>>> scan(const Range& range, ScanOptions options = {}) = 0;

  // Commits unconditionally and atomically. Writes of one caller commit in the order in which they start.
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
      if (co_await commit(std::move(tx))) co_return result;
      co_await back_off(attempt);
    }
  }

  virtual StoreStats stats() const = 0;
  // Everything acknowledged is on disk after this, also with relaxed durability.
  virtual Task<Result<void>> flush() = 0;
  // Gives back memory that a burst left behind, at the cost of disk writes: for quiet moments.
  virtual Task<Result<void>> trim() { co_return {}; }

 protected:
  virtual Task<Result<std::unique_ptr<Transaction>>> begin() = 0;
  // true: committed; false: it conflicts, run it again.
  virtual Task<Result<bool>> commit(std::unique_ptr<Transaction> tx) = 0;
  // Waits a little, longer with each attempt; TransactionConflict 503 after attempts_max.
  virtual Task<Result<void>> back_off(int attempt) = 0;
};

}  // namespace outcrop::store
