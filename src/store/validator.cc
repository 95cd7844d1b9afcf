// Backward validation over a window of recent writes.
#include "store/validator.h"

#include <algorithm>

#include "store/limits.h"

namespace outcrop::store {

// The group under way began without an audience; this transaction may not see it, so it counts now.
void Validator::begin(Running& running) {
  std::lock_guard lock(mutex_);
  running.begun_at_ = applied_;
  running.before_ = youngest_;
  (youngest_ ? youngest_->after_ : oldest_) = &running;
  youngest_ = &running;
  if (!unrecorded_.empty()) remember(unrecorded_);
}

void Validator::end(Running& running) {
  WritesList forgotten;
  std::lock_guard lock(mutex_);
  (running.before_ ? running.before_->after_ : oldest_) = running.after_;
  (running.after_ ? running.after_->before_ : youngest_) = running.before_;
  if (!running.before_) forget(forgotten);
}

Validator::Prepared Validator::prepare(const Candidate& candidate) {
  Prepared prepared;
  Writes& writes = prepared.writes.emplace_back();
  for (WriteBatch::Operation operation : candidate.writes->operations()) {
    if (operation.kind == WriteBatch::Kind::erase_range) {
      writes.ranges.push_back({std::string(operation.key), std::string(operation.value)});
    } else {
      writes.hashes.push_back(hash_of(operation.key));
      writes.keys.emplace_back(operation.key);
    }
  }
  if (candidate.reads) {
    for (const std::string& key : candidate.reads->keys) prepared.read_hashes.push_back(hash_of(key));
    std::ranges::sort(prepared.read_hashes);
  }
  return prepared;
}

Sequence Validator::validate(std::span<Candidate* const> group) {
  std::vector<Prepared> prepared;
  prepared.reserve(group.size());
  for (const Candidate* candidate : group) prepared.push_back(prepare(*candidate));
  std::lock_guard lock(mutex_);
  for (size_t i = 0; i < group.size(); ++i) {
    Candidate& candidate = *group[i];
    candidate.conflicts = candidate.reads && conflicts(candidate, prepared[i].read_hashes);
    if (candidate.conflicts) continue;
    if (oldest_) {
      remember(prepared[i].writes);
    } else {
      unrecorded_.splice(unrecorded_.end(), prepared[i].writes);
    }
  }
  return applied_ + 1;
}

void Validator::applied() {
  WritesList forgotten;
  std::lock_guard lock(mutex_);
  ++applied_;
  forgotten.splice(forgotten.end(), unrecorded_);
  forget(forgotten);
}

size_t Validator::remembered() const {
  std::lock_guard lock(mutex_);
  return keys_ + ranges_;
}

bool Validator::conflicts(const Candidate& candidate, std::span<const uint64_t> read_hashes) const {
  if (candidate.reads->empty()) return false;
  if (candidate.begun_at < forgotten_) return true;
  for (auto writes = written_.rbegin(); writes != written_.rend() && writes->sequence > candidate.begun_at; ++writes) {
    if (touches(*writes, *candidate.reads, read_hashes)) return true;
  }
  return false;
}

bool Validator::touches(const Writes& writes, const ReadSet& reads, std::span<const uint64_t> read_hashes) {
  if (std::ranges::any_of(writes.hashes, [&](uint64_t hash) { return std::ranges::binary_search(read_hashes, hash); })) return true;
  for (const Range& read : reads.ranges) {
    if (std::ranges::any_of(writes.keys, [&](const std::string& key) { return read.contains(key); })) return true;
    if (std::ranges::any_of(writes.ranges, [&](const Range& written) { return written.overlaps(read); })) return true;
  }
  return std::ranges::any_of(writes.ranges, [&](const Range& written) {
    return std::ranges::any_of(reads.keys, [&](const std::string& key) { return written.contains(key); });
  });
}

// Takes them from the list.
void Validator::remember(WritesList& writes) {
  for (Writes& one : writes) {
    one.sequence = applied_ + 1;
    keys_ += one.keys.size();
    ranges_ += one.ranges.size();
  }
  written_.splice(written_.end(), writes);
}

// Gives away what no running transaction can have missed, and the oldest of what is too much.
void Validator::forget(WritesList& forgotten) {
  const Sequence seen_by_all = oldest_ ? oldest_->begun_at_ : applied_.load();
  while (!written_.empty()) {
    const Writes& oldest = written_.front();
    if (oldest.sequence > seen_by_all) {
      if (keys_ <= validator_keys_max && ranges_ <= validator_ranges_max) break;
      forgotten_ = std::max(forgotten_, oldest.sequence);
    }
    keys_ -= oldest.keys.size();
    ranges_ -= oldest.ranges.size();
    forgotten.splice(forgotten.end(), written_, written_.begin());
  }
}

}  // namespace outcrop::store
