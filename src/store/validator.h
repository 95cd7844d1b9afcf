// Validator: optimistic concurrency control by backward validation (Kung and Robinson, 1981). It remembers what was
// written while transactions are under way and decides, in commit order, whether one that read may commit.
//
// All threads pass its lock with every transaction, so that next to nothing happens under it: no memory is taken or given back there, since
// a thread that loses the processor within makes all others wait.
#pragma once
#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace outcrop::store {

// Counts groups of commits. A transaction's sequence is that of the last group its snapshot surely holds.
using Sequence = uint64_t;

// By which keys of writes and reads find each other.
inline uint64_t hash_of(std::string_view key) { return std::hash<std::string_view>()(key); }

// What a transaction read, whether it was there or not.
struct ReadSet {
  std::vector<std::string> keys;
  std::vector<Range> ranges;  // only the part that was scanned
  bool empty() const { return keys.empty() && ranges.empty(); }
};

class Validator {
 public:
  struct Candidate {
    const WriteBatch* writes = nullptr;
    const ReadSet* reads = nullptr;  // null: unconditional
    Sequence begun_at = 0;
    bool conflicts = false;
  };

  // A transaction under way: made before its snapshot is taken, and gone with the answer once it is over.
  class Running {
   public:
    explicit Running(Validator& validator) : validator_(validator) { validator.begin(*this); }
    ~Running() { validator_.end(*this); }
    Running(const Running&) = delete;
    Sequence begun_at() const { return begun_at_; }

   private:
    friend Validator;
    Validator& validator_;
    Sequence begun_at_ = 0;
    Running* before_ = nullptr;
    Running* after_ = nullptr;
  };

  // Validates the candidates of one group in their order and remembers the writes of those that pass, which
  // count as committed from here on: also for the candidates behind them.
  // One group at a time; gives its sequence.
  Sequence validate(std::span<Candidate* const> group);
  // The group is visible to snapshots taken from now on.
  void applied();
  // The last group that is; without the lock.
  Sequence newest() const { return applied_.load(std::memory_order_acquire); }

  size_t remembered() const;  // writes

 private:
  // What one candidate wrote.
  struct Writes {
    Sequence sequence = 0;
    std::vector<uint64_t> hashes;   // of the keys; two keys of one hash are taken for one, which is a conflict more at worst
    std::vector<std::string> keys;  // in the same order
    std::vector<Range> ranges;
  };
  using WritesList = std::list<Writes>;  // moved from list to list without memory being taken
  struct Prepared {
    WritesList writes;                  // one
    std::vector<uint64_t> read_hashes;  // in order
  };

  void begin(Running& running);
  void end(Running& running);
  static Prepared prepare(const Candidate& candidate);
  static bool touches(const Writes& writes, const ReadSet& reads, std::span<const uint64_t> read_hashes);
  // Under the lock.
  bool conflicts(const Candidate& candidate, std::span<const uint64_t> read_hashes) const;
  void remember(WritesList& writes);
  void forget(WritesList& forgotten);

  mutable std::mutex mutex_;
  std::atomic<Sequence> applied_ = 0;  // changes under the lock
  Sequence forgotten_ = 0;             // what this group and earlier ones wrote may be missing
  Running* oldest_ = nullptr;
  Running* youngest_ = nullptr;
  WritesList written_;  // oldest first
  size_t keys_ = 0, ranges_ = 0;
  WritesList unrecorded_;  // of the group under way, when nobody was there to care
};

}  // namespace outcrop::store
