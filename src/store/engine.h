// Engine: what a local backend supplies: ordered keys, snapshots, atomic writes. Transactions, validation and
// grouping are the same for all of them and stand above it (local_store.h).
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace outcrop::store {

// Whether a call may wait for the disk. On an event loop it may not.
enum class Wait : bool { no, yes };

// None: it would have to wait for the disk; call again with Wait::yes where that is allowed.
template <class T>
using Answer = std::optional<Result<T>>;

// A part of a scan.
struct Page {
  std::vector<Entry> entries;
  bool complete = false;  // the range holds no more
};

class Engine {
 public:
  // A state that stays readable while this lives. Short: it keeps old versions.
  class Snapshot {
   public:
    virtual ~Snapshot() = default;
  };

  virtual ~Engine() = default;

  // Everything here is thread-safe, but apply: one call at a time.
  virtual std::unique_ptr<Snapshot> snapshot() = 0;
  // `at` null: the latest state.
  virtual Answer<std::optional<std::string>> get(std::string_view key, const Snapshot* at, Wait wait) = 0;
  virtual Answer<Page> scan(const Range& range, const ScanOptions& options, const Snapshot* at, Wait wait) = 0;

  // Makes all batches durable as configured, then visible, at once. After a fault the outcome is unknown.
  virtual Answer<void> apply(std::span<const WriteBatch* const> batches, Wait wait) = 0;
  // Whether apply waits for the disk as a rule.
  virtual bool apply_waits() const = 0;
  // Waits until everything applied is on disk.
  virtual Result<void> sync() = 0;
  // Gives back memory that only a busy engine needs; may take long.
  virtual Result<void> trim() { return {}; }
  // Fills syncs, bytes_written, memory_bytes and disk_bytes.
  virtual void add_stats(StoreStats& stats) const = 0;
};

}  // namespace outcrop::store
