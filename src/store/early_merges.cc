#include "store/early_merges.h"

#include <rocksdb/metadata.h>
#include <rocksdb/perf_context.h>
#include <rocksdb/perf_level.h>

#include <algorithm>

#include "base/log.h"

namespace outcrop::store {

namespace {

// What a merge takes, in steps over an entry, which take 0.4 µs each.
constexpr uint64_t steps_of_entry = 4, bytes_of_step = 100;
// With fewer steps nothing is looked at: a merge also syncs a few files, however small.
constexpr uint64_t steps_min = 100'000;
// Old bytes that may be written again for each young one: else a few young entries would have a large level written again and again.
constexpr uint64_t old_for_young_max = 8;

uint64_t steps_of_this_thread() {
  const rocksdb::PerfContext& counts = *rocksdb::get_perf_context();
  return counts.internal_key_skipped_count + counts.internal_delete_skipped_count;
}

}  // namespace

EarlyMerges::ScanCount::ScanCount(EarlyMerges& merges) : merges_(merges), before_(steps_of_this_thread()) {
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
}

EarlyMerges::ScanCount::~ScanCount() {
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  if (const uint64_t steps = steps_of_this_thread() - before_) merges_.add_steps(steps);
}

EarlyMerges::EarlyMerges(rocksdb::DB& database, ThreadPool& pool) : database_(database), pool_(pool), next_look_(steps_min) {}

EarlyMerges::~EarlyMerges() {
  database_.DisableManualCompaction();
  std::unique_lock lock(mutex_);
  considered_.wait(lock, [&] { return !is_considering_; });
}

void EarlyMerges::add_steps(uint64_t steps) {
  steps += steps_.fetch_add(steps, std::memory_order_relaxed);
  if (steps < next_look_.load(std::memory_order_relaxed) || is_considering_.exchange(true)) return;
  pool_.post([this] {
    consider();
    std::lock_guard lock(mutex_);
    is_considering_ = false;
    considered_.notify_all();
  });
}

// What a merge would read now.
struct EarlyMerges::Inputs {
  uint64_t buffered_entries = 0, young_bytes = 0, old_bytes = 0;
  uint64_t entries = 0;                   // without those of tables from before the start, which are not known
  std::vector<std::string> young_tables;  // of the first level
  int level = 0;                          // below it

  uint64_t steps() const { return entries * steps_of_entry + (young_bytes + old_bytes) / bytes_of_step; }
  bool is_mostly_old() const { return old_bytes > young_bytes * old_for_young_max; }
};

EarlyMerges::Inputs EarlyMerges::inputs() {
  using Properties = rocksdb::DB::Properties;
  const auto number = [&](const std::string& property) {
    uint64_t value = 0;
    database_.GetIntProperty(property, &value);
    return value;
  };
  Inputs inputs{.buffered_entries = number(Properties::kNumEntriesActiveMemTable) + number(Properties::kNumEntriesImmMemTables),
                .level = int(number(Properties::kBaseLevel))};
  if (inputs.buffered_entries > 0) inputs.young_bytes = number(Properties::kCurSizeAllMemTables);
  inputs.entries = inputs.buffered_entries;
  rocksdb::ColumnFamilyMetaData tables;
  database_.GetColumnFamilyMetaData(&tables);
  for (const rocksdb::SstFileMetaData& table : tables.levels.front().files) {
    inputs.young_tables.push_back(table.relative_filename);
    inputs.young_bytes += table.size;
    inputs.entries += table.num_entries;
  }
  for (const rocksdb::SstFileMetaData& table : tables.levels[inputs.level].files) {
    inputs.old_bytes += table.size;
    inputs.entries += table.num_entries;
  }
  return inputs;
}

void EarlyMerges::consider() {
  const Inputs now = inputs();
  const uint64_t steps = steps_.load(std::memory_order_relaxed);
  if (now.is_mostly_old() || steps < now.steps()) {
    // In good time for a price that falls. What is mostly old gets no cheaper for it: a merge would not help what lies deeper.
    next_look_.store(now.is_mostly_old() ? 2 * steps : std::min(2 * steps, now.steps()), std::memory_order_relaxed);
    return;
  }
  if (rocksdb::Status merged = merge(now); !merged.ok()) log::debug("young entries were not merged", {{"reason", merged.ToString()}});
  steps_.store(0, std::memory_order_relaxed);
  next_look_.store(steps_min, std::memory_order_relaxed);
}

rocksdb::Status EarlyMerges::merge(const Inputs& before) {
  if (before.buffered_entries > 0) {
    if (rocksdb::Status flushed = database_.Flush(rocksdb::FlushOptions()); !flushed.ok()) return flushed;
  }
  const Inputs now = inputs();
  if (now.young_tables.empty()) return rocksdb::Status::OK();
  const rocksdb::Options options = database_.GetOptions();
  rocksdb::CompactionOptions compaction;
  compaction.compression = options.compression;
  compaction.output_file_size_limit = options.target_file_size_base;
  return database_.CompactFiles(compaction, now.young_tables, now.level);
}

}  // namespace outcrop::store
