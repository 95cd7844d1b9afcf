// The engine in memory: a map of version chains. Snapshots are sequence numbers; a version goes when no snapshot
// can see it any more.
#pragma once
#include <deque>
#include <map>
#include <set>
#include <shared_mutex>

#include "store/engine.h"

namespace outcrop::store {

class MemoryEngine final : public Engine {
 public:
  std::unique_ptr<Snapshot> snapshot() override;
  Answer<std::optional<std::string>> get(std::string_view key, const Snapshot* at, Wait wait) override;
  Answer<Page> scan(const Range& range, const ScanOptions& options, const Snapshot* at, Wait wait) override;
  Answer<void> apply(std::span<const WriteBatch* const> batches, Wait wait) override;
  bool apply_waits() const override { return false; }
  Result<void> sync() override { return {}; }
  void add_stats(StoreStats& stats) const override;

 private:
  class SequenceSnapshot;
  struct Version {
    uint64_t sequence = 0;
    std::optional<std::string> value;  // none: erased
    std::unique_ptr<Version> older;
  };
  using Keys = std::map<std::string, Version, std::less<>>;

  uint64_t sequence_of(const Snapshot* at) const;
  static const std::string* visible(const Version& newest, uint64_t sequence);
  void write(Keys::iterator at, std::optional<std::string> value);
  void put(std::string_view key, std::string_view value);
  void erase(const Range& range);
  void release(uint64_t sequence);
  void drop_superseded();
  void drop_versions(std::string_view key, uint64_t oldest);

  mutable std::shared_mutex mutex_;
  Keys keys_;
  uint64_t sequence_ = 0;
  std::multiset<uint64_t> snapshots_;
  std::deque<std::pair<uint64_t, std::string>> superseded_;  // by the write of this sequence to this key
  uint64_t bytes_ = 0, bytes_written_ = 0;
};

}  // namespace outcrop::store
