// Backward validation over a window of recent writes.
#include "store/validator.h"

#include <algorithm>

#include "base/check.h"
#include "store/limits.h"

namespace outcrop::store {

Sequence Validator::begin() {
  std::lock_guard lock(mutex_);
  ++running_[applied_];
  // The group under way began without an audience; this transaction may not see it, so it counts now.
  for (const WriteBatch* writes : unrecorded_) remember(*writes);
  unrecorded_.clear();
  return applied_;
}

void Validator::end(Sequence begun_at) {
  std::lock_guard lock(mutex_);
  auto found = running_.find(begun_at);
  check(found != running_.end(), "a transaction ended that had not begun");
  if (--found->second == 0) running_.erase(found);
  forget();
}

void Validator::validate(std::span<Candidate* const> group) {
  std::lock_guard lock(mutex_);
  const bool somebody_reads = !running_.empty();
  for (Candidate* candidate : group) {
    candidate->conflicts = candidate->reads && conflicts(*candidate);
    if (candidate->conflicts) continue;
    if (somebody_reads) {
      remember(*candidate->writes);
    } else {
      unrecorded_.push_back(candidate->writes);
    }
  }
}

void Validator::applied() {
  std::lock_guard lock(mutex_);
  ++applied_;
  unrecorded_.clear();
  forget();
}

size_t Validator::remembered() const {
  std::lock_guard lock(mutex_);
  return keys_.size() + ranges_in_order_.size();
}

bool Validator::conflicts(const Candidate& candidate) const {
  if (candidate.reads->empty()) return false;
  if (candidate.begun_at < forgotten_) return true;
  for (const std::string& key : candidate.reads->keys) {
    if (was_written_since(key, candidate.begun_at)) return true;
  }
  for (const Range& range : candidate.reads->ranges) {
    if (was_written_since(range, candidate.begun_at)) return true;
  }
  return false;
}

bool Validator::was_written_since(const std::string& key, Sequence since) const {
  auto found = keys_.find(key);
  if (found != keys_.end() && found->second > since) return true;
  return std::ranges::any_of(ranges_in_order_, [&](const WrittenRange& w) { return w.sequence > since && w.range.contains(key); });
}

bool Validator::was_written_since(const Range& range, Sequence since) const {
  for (auto at = keys_.lower_bound(range.begin); at != keys_.end() && at->first < range.end; ++at) {
    if (at->second > since) return true;
  }
  return std::ranges::any_of(ranges_in_order_, [&](const WrittenRange& w) { return w.sequence > since && w.range.overlaps(range); });
}

void Validator::remember(const WriteBatch& writes) {
  const Sequence sequence = applied_ + 1;
  for (WriteBatch::Operation operation : writes.operations()) {
    if (operation.kind == WriteBatch::Kind::erase_range) {
      ranges_in_order_.push_back({sequence, {std::string(operation.key), std::string(operation.value)}});
      continue;
    }
    auto at = keys_.lower_bound(operation.key);
    if (at == keys_.end() || at->first != operation.key) {
      at = keys_.emplace_hint(at, operation.key, 0);
    }
    if (at->second == sequence) continue;
    at->second = sequence;
    keys_in_order_.push_back({sequence, at});
  }
}

// Drops what no running transaction can have missed, and the oldest of what is too much.
void Validator::forget() {
  const Sequence seen_by_all = running_.empty() ? applied_ : running_.begin()->first;
  while (!keys_in_order_.empty()) {
    const WrittenKey& oldest = keys_in_order_.front();
    if (oldest.sequence > seen_by_all) {
      if (keys_in_order_.size() <= validator_keys_max) break;
      forgotten_ = std::max(forgotten_, oldest.sequence);
    }
    if (oldest.key->second == oldest.sequence) keys_.erase(oldest.key);  // else a later group wrote it again
    keys_in_order_.pop_front();
  }
  while (!ranges_in_order_.empty()) {
    const WrittenRange& oldest = ranges_in_order_.front();
    if (oldest.sequence > seen_by_all) {
      if (ranges_in_order_.size() <= validator_ranges_max) break;
      forgotten_ = std::max(forgotten_, oldest.sequence);
    }
    ranges_in_order_.pop_front();
  }
}

}  // namespace outcrop::store
