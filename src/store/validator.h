// Validator: optimistic concurrency control by backward validation (Kung and Robinson, 1981). It remembers what was
// written while transactions are under way and decides, in commit order, whether one that read may commit.
#pragma once
#include <deque>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "store/store.h"

namespace outcrop::store {

// Counts groups of commits. A transaction's sequence is that of the last group its snapshot surely holds.
using Sequence = uint64_t;

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

  // A transaction begins: call before its snapshot is taken, and end() with the answer once it is over.
  Sequence begin();
  void end(Sequence begun_at);

  // Validates the candidates of one group in their order and remembers the writes of those that pass, which
  // count as committed from here on: also for the candidates behind them.
  // One group at a time; the batches must live until applied().
  void validate(std::span<Candidate* const> group);
  // The group is visible to snapshots taken from now on.
  void applied();

  size_t remembered() const;  // writes

 private:
  bool conflicts(const Candidate& candidate) const;
  bool was_written_since(const std::string& key, Sequence since) const;
  bool was_written_since(const Range& range, Sequence since) const;
  void remember(const WriteBatch& writes);
  void forget();

  using Keys = std::map<std::string, Sequence, std::less<>>;
  struct WrittenKey {
    Sequence sequence;
    Keys::iterator key;
  };
  struct WrittenRange {
    Sequence sequence;
    Range range;
  };

  mutable std::mutex mutex_;
  Sequence applied_ = 0;
  Sequence forgotten_ = 0;                     // what this group and earlier ones wrote may be missing
  std::map<Sequence, size_t> running_;         // begun_at → number of transactions
  Keys keys_;                                  // key → the last group that wrote it
  std::deque<WrittenKey> keys_in_order_;       // oldest first
  std::deque<WrittenRange> ranges_in_order_;   // oldest first
  std::vector<const WriteBatch*> unrecorded_;  // of the group under way, when nobody was there to care
};

}  // namespace outcrop::store
