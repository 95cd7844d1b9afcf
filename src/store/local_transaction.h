// LocalTransaction: one attempt of a body on a LocalStore. It reads a snapshot under its own writes and notes what
// it read, so that the commit can be validated.
#pragma once
#include <map>
#include <memory>

#include "store/engine.h"
#include "store/local_store.h"
#include "store/range_set.h"
#include "store/recent_values.h"
#include "store/validator.h"

namespace outcrop::store {

// Faults with StoreLimitExceeded 500 what is beyond limits.h.
Result<void> check_limits(const WriteBatch& batch);

class LocalTransaction final : public Transaction {
 public:
  LocalTransaction(Validator& validator, Engine& engine, Reader& reader, RecentValues& recent, const Clock& clock);
  Task<Result<std::optional<std::string>>> get(std::string_view key) override;
  Task<Result<std::vector<Entry>>> scan(const Range& range, ScanOptions options = {}) override;
  void put(std::string_view key, std::string_view value) override;
  void erase(std::string_view key) override;
  void erase_range(const Range& range) override;

  // The limits that hold for all of it: its time, and the size of what it read.
  Result<void> check_open() const;
  bool has_writes() const { return !own_.empty() || !erased_.empty(); }
  // Erased ranges first, then the keys: their order among each other does not matter any more.
  WriteBatch writes() const;
  const ReadSet& reads() const { return reads_; }
  Sequence begun_at() const { return running_.begun_at(); }
  // Nothing is read from here on; releases what the snapshot holds.
  void drop_snapshot() { snapshot_.reset(); }

 private:
  class MergedScan;
  using Own = std::map<std::string, std::optional<std::string>, std::less<>>;
  void write(std::string_view key, std::optional<std::string> value);
  void note_scanned(const Range& range);

  Reader& reader_;
  RecentValues& recent_;
  const Clock& clock_;
  const SteadyTime begun_;
  const Validator::Running running_;
  std::unique_ptr<Engine::Snapshot> snapshot_;  // taken once it is running
  Own own_;                                     // key → what this wrote last; none: erased
  RangeSet erased_;                             // and not written since, but for what own_ holds
  ReadSet reads_;
  size_t read_bytes_ = 0, written_bytes_ = 0;
  bool too_large_ = false;  // a key or value was
};

}  // namespace outcrop::store
