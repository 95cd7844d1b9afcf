// RecentValues: what transactions wrote last to keys that they had read. Who reads a key finds here what the last of them wrote, where the
// engine would search its write buffer and tables: a seventh of the time of a DynamoDB PutItem.
//
// A value counts for a transaction if it was written by a group that the transaction's snapshot surely holds, and not written since. The
// committer therefore notes a group here before the engine has it: no snapshot ever holds a write that is not noted. For a read without a
// transaction a value counts once its group is applied.
#pragma once
#include <array>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/validator.h"

namespace outcrop::store {

// Thread-safe.
class RecentValues {
 public:
  // 0: it keeps none.
  explicit RecentValues(size_t bytes_max) : shard_bytes_max_(bytes_max / shard_count) {}

  // What `key` holds in a snapshot of a transaction that began at `begun_at`, or for a read without one the newest that is applied; none:
  // it is not known here.
  std::optional<std::string> find(std::string_view key, Sequence begun_at);

  // What the group `sequence` writes, one candidate after the other, in their order. One group at a time.
  void note(const Validator::Candidate& candidate, Sequence sequence);

  void clear();
  size_t bytes() const;  // of keys, values and what keeps them in order

 private:
  struct Value {
    uint64_t hash = 0;
    std::string key, text;
    Sequence written_at = 0;
    bool was_found = false;  // since the hand of the clock was there
    size_t bytes() const;
  };
  class Shard {
   public:
    std::optional<std::string> find(uint64_t hash, std::string_view key, Sequence begun_at);
    // A key that is not here yet is taken in only if `takes_in`.
    void put(uint64_t hash, const WriteBatch::Operation& operation, Sequence sequence, bool takes_in, size_t bytes_max);
    void erase(uint64_t hash, std::string_view key);
    void clear();
    size_t bytes() const;

   private:
    using Values = std::list<Value>;
    void remove(Values::iterator value);
    void make_room(size_t bytes_max);

    mutable std::mutex mutex_;
    Values values_;  // the hand of the clock is at the first
    std::unordered_map<uint64_t, Values::iterator> by_hash_;
    size_t bytes_ = 0;
  };
  static constexpr size_t shard_count = 16;
  Shard& shard(uint64_t hash) { return shards_[hash >> 60]; }

  const size_t shard_bytes_max_;
  std::array<Shard, shard_count> shards_;
};

}  // namespace outcrop::store
