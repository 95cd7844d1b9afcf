// Version chains in memory.
#include "store/memory_engine.h"

#include <mutex>

namespace outcrop::store {

namespace {
constexpr size_t bytes_per_key = 128;  // of the map's node, roughly
}

class MemoryEngine::SequenceSnapshot final : public Snapshot {
 public:
  SequenceSnapshot(MemoryEngine& engine, uint64_t sequence) : engine(engine), sequence(sequence) {}
  ~SequenceSnapshot() override { engine.release(sequence); }

  MemoryEngine& engine;
  const uint64_t sequence;
};

std::unique_ptr<Engine::Snapshot> MemoryEngine::snapshot() {
  std::lock_guard lock(mutex_);
  snapshots_.insert(sequence_);
  return std::make_unique<SequenceSnapshot>(*this, sequence_);
}

void MemoryEngine::release(uint64_t sequence) {
  std::lock_guard lock(mutex_);
  snapshots_.erase(snapshots_.find(sequence));
  drop_superseded();
}

uint64_t MemoryEngine::sequence_of(const Snapshot* at) const { return at ? static_cast<const SequenceSnapshot*>(at)->sequence : sequence_; }

// The value at `sequence`, or null.
const std::string* MemoryEngine::visible(const Version& newest, uint64_t sequence) {
  const Version* version = &newest;
  while (version && version->sequence > sequence) version = version->older.get();
  return version && version->value ? &*version->value : nullptr;
}

Answer<std::optional<std::string>> MemoryEngine::get(std::string_view key, const Snapshot* at, Wait) {
  std::shared_lock lock(mutex_);
  auto found = keys_.find(key);
  const std::string* value = found == keys_.end() ? nullptr : visible(found->second, sequence_of(at));
  return value ? std::optional(*value) : std::nullopt;
}

Answer<Page> MemoryEngine::scan(const Range& range, const ScanOptions& options, const Snapshot* at, Wait) {
  Page page{.complete = true};
  if (range.empty()) return page;
  std::shared_lock lock(mutex_);
  const uint64_t sequence = sequence_of(at);
  size_t bytes = 0;
  // Whether to go on behind this key.
  auto take = [&](const Keys::value_type& item) {
    const std::string* value = visible(item.second, sequence);
    if (!value) return true;
    page.complete = page.entries.size() < options.entries_max && bytes < options.bytes_max;
    if (!page.complete) return false;
    page.entries.push_back({item.first, *value});
    bytes += item.first.size() + value->size();
    return true;
  };
  auto first = keys_.lower_bound(range.begin), last = keys_.lower_bound(range.end);
  if (options.reverse) {
    while (last != first && take(*--last)) {
    }
  } else {
    while (first != last && take(*first)) ++first;
  }
  return page;
}

Answer<void> MemoryEngine::apply(std::span<const WriteBatch* const> batches, Wait) {
  std::lock_guard lock(mutex_);
  ++sequence_;
  for (const WriteBatch* batch : batches) {
    bytes_written_ += batch->bytes();
    for (WriteBatch::Operation operation : batch->operations()) {
      switch (operation.kind) {
        case WriteBatch::Kind::put:
          put(operation.key, operation.value);
          break;
        case WriteBatch::Kind::erase:
          if (auto found = keys_.find(operation.key); found != keys_.end()) write(found, std::nullopt);
          break;
        case WriteBatch::Kind::erase_range:
          erase({std::string(operation.key), std::string(operation.value)});
          break;
      }
    }
  }
  drop_superseded();
  return Result<void>();
}

void MemoryEngine::put(std::string_view key, std::string_view value) {
  auto at = keys_.lower_bound(key);
  if (at == keys_.end() || at->first != key) {
    at = keys_.emplace_hint(at, key, Version{.sequence = sequence_});
    bytes_ += key.size() + bytes_per_key;
  }
  write(at, std::string(value));
}

void MemoryEngine::erase(const Range& range) {
  if (range.empty()) return;
  for (auto at = keys_.lower_bound(range.begin); at != keys_.end() && at->first < range.end;) write(at++, std::nullopt);
}

// The key's newest version becomes `value`; the one before stays where a snapshot sees it.
void MemoryEngine::write(Keys::iterator at, std::optional<std::string> value) {
  Version& newest = at->second;
  const bool seen = !snapshots_.empty() && newest.sequence <= *snapshots_.rbegin();
  if (seen) {
    newest.older = std::make_unique<Version>(std::move(newest));
    newest.value.reset();
  } else if (newest.value) {
    bytes_ -= newest.value->size();
  }
  if (value) bytes_ += value->size();
  newest.sequence = sequence_;
  newest.value = std::move(value);
  if (newest.older || !newest.value) superseded_.emplace_back(sequence_, at->first);
}

void MemoryEngine::drop_superseded() {
  const uint64_t oldest = snapshots_.empty() ? sequence_ : *snapshots_.begin();
  while (!superseded_.empty() && superseded_.front().first <= oldest) {
    drop_versions(superseded_.front().second, oldest);
    superseded_.pop_front();
  }
}

// Drops the versions of `key` that no snapshot from `oldest` on can see.
void MemoryEngine::drop_versions(std::string_view key, uint64_t oldest) {
  auto found = keys_.find(key);
  if (found == keys_.end()) return;
  Version* version = &found->second;
  while (version->sequence > oldest && version->older) version = version->older.get();
  for (const Version* older = version->older.get(); older; older = older->older.get()) {
    if (older->value) bytes_ -= older->value->size();
  }
  version->older.reset();
  if (version != &found->second || version->value || version->sequence > oldest) return;
  bytes_ -= found->first.size() + bytes_per_key;
  keys_.erase(found);
}

void MemoryEngine::add_stats(StoreStats& stats) const {
  std::shared_lock lock(mutex_);
  stats.memory_bytes += bytes_;
  stats.bytes_written += bytes_written_;
}

}  // namespace outcrop::store
