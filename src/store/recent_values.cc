// Values by the hash of their keys, in shards, each emptied like a clock.
#include "store/recent_values.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace outcrop::store {

namespace {
// What a list, a map and malloc take for a value beside its texts; an estimate.
constexpr size_t overhead_bytes = 160;
// A value larger than this share of a shard would empty it.
constexpr size_t share_of_shard_max = 8;
}  // namespace

std::optional<std::string> RecentValues::find(std::string_view key, Sequence begun_at) {
  if (shard_bytes_max_ == 0) return std::nullopt;
  const uint64_t hash = hash_of(key);
  return shard(hash).find(hash, key, begun_at);
}

void RecentValues::note(const Validator::Candidate& candidate, Sequence sequence) {
  if (shard_bytes_max_ == 0) return;
  std::vector<uint64_t> read;
  if (candidate.reads) {
    read.reserve(candidate.reads->keys.size());
    for (const std::string& key : candidate.reads->keys) read.push_back(hash_of(key));
    std::ranges::sort(read);
  }
  for (const WriteBatch::Operation& operation : candidate.writes->operations()) {
    const uint64_t hash = hash_of(operation.key);
    switch (operation.kind) {
      case WriteBatch::Kind::put:
        shard(hash).put(hash, operation, sequence, std::ranges::binary_search(read, hash), shard_bytes_max_);
        break;
      case WriteBatch::Kind::erase:
        shard(hash).erase(hash, operation.key);
        break;
      case WriteBatch::Kind::erase_range:
        clear();  // rare: a table, a queue or a day of history goes
        break;
    }
  }
}

void RecentValues::clear() {
  for (Shard& shard : shards_) shard.clear();
}

size_t RecentValues::bytes() const {
  size_t bytes = 0;
  for (const Shard& shard : shards_) bytes += shard.bytes();
  return bytes;
}

size_t RecentValues::Value::bytes() const { return key.size() + text.capacity() + overhead_bytes; }

std::optional<std::string> RecentValues::Shard::find(uint64_t hash, std::string_view key, Sequence begun_at) {
  std::lock_guard lock(mutex_);
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) return std::nullopt;
  Value& value = *found->second;
  if (value.key != key || value.written_at > begun_at) return std::nullopt;
  value.was_found = true;
  return value.text;
}

void RecentValues::Shard::put(uint64_t hash, const WriteBatch::Operation& operation, Sequence sequence, bool takes_in, size_t bytes_max) {
  std::lock_guard lock(mutex_);
  const auto found = by_hash_.find(hash);
  const bool is_here = found != by_hash_.end() && found->second->key == operation.key;
  if (!is_here && !takes_in) return;
  if (operation.key.size() + operation.value.size() > bytes_max / share_of_shard_max) {
    if (is_here) remove(found->second);
    return;
  }
  // One that is here, be it of another key with this hash, gives its memory to the new one.
  if (found == by_hash_.end()) {
    values_.push_back({.hash = hash});
    by_hash_.emplace(hash, std::prev(values_.end()));
  } else {
    bytes_ -= found->second->bytes();
    values_.splice(values_.end(), values_, found->second);
  }
  Value& value = values_.back();
  value.key.assign(operation.key);
  value.text.assign(operation.value);
  value.written_at = sequence;
  bytes_ += value.bytes();
  make_room(bytes_max);
}

void RecentValues::Shard::erase(uint64_t hash, std::string_view key) {
  std::lock_guard lock(mutex_);
  if (const auto found = by_hash_.find(hash); found != by_hash_.end() && found->second->key == key) remove(found->second);
}

void RecentValues::Shard::remove(Values::iterator value) {
  bytes_ -= value->bytes();
  by_hash_.erase(value->hash);
  values_.erase(value);
}

// What was found since the hand came by last gets another round.
void RecentValues::Shard::make_room(size_t bytes_max) {
  while (bytes_ > bytes_max) {
    Value& first = values_.front();
    if (std::exchange(first.was_found, false)) {
      values_.splice(values_.end(), values_, values_.begin());
    } else {
      remove(values_.begin());
    }
  }
}

void RecentValues::Shard::clear() {
  Values gone;
  std::lock_guard lock(mutex_);
  gone.swap(values_);
  by_hash_.clear();
  bytes_ = 0;
}

size_t RecentValues::Shard::bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace outcrop::store
