// RocksDB 7.8's settings, each with its reason.
#include "store/rocksdb_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/table_properties_collectors.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdarg>
#include <cstdio>

#include "base/log.h"
#include "base/machine.h"
#include "store/table_factory.h"

namespace outcrop::store {

namespace {

// What was read from disk and is kept unpacked: a sixteenth of the memory there is.
constexpr uint64_t cache_share_of_memory = 16;
// Tables of 64 MiB, and the share of the files the process may have open that they may be.
constexpr size_t open_tables_max = 4096, descriptors_share = 4;
constexpr size_t cache_bytes_min = 64 << 20, cache_shard_bytes_min = 8 << 20;

// What RocksDB reports as an error goes to our log; it keeps no LOG file.
class RocksdbLogger final : public rocksdb::Logger {
 public:
  RocksdbLogger() : Logger(rocksdb::InfoLogLevel::ERROR_LEVEL) {}
  using Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 1024> text;
    std::vsnprintf(text.data(), text.size(), format, arguments);
    log::error("RocksDB reports an error", {{"text", std::string_view(text.data())}});
  }
};

rocksdb::CompressionType first_supported(std::initializer_list<rocksdb::CompressionType> wanted) {
  const auto supported = rocksdb::GetSupportedCompressions();
  for (auto type : wanted) {
    if (std::ranges::find(supported, type) != supported.end()) return type;
  }
  return rocksdb::kNoCompression;
}

rocksdb::BlockBasedTableOptions table_options(size_t block_cache_bytes) {
  rocksdb::BlockBasedTableOptions table;
  rocksdb::LRUCacheOptions cache;  // allocates as it fills
  cache.capacity = block_cache_capacity(block_cache_bytes);
  // Each shard has a lock of its own, and is large enough for the largest values.
  cache.num_shard_bits = std::clamp(int(std::bit_width(cache.capacity / cache_shard_bytes_min)) - 1, 0, 6);
  table.block_cache = rocksdb::NewLRUCache(cache);
  table.block_size = 8 << 10;
  // A read of one key finds its entry in a block by hash: searching by halves is several misses of the processor's caches.
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));  // 1 % false positives
  return table;
}

// Opening a directory quickly and keeping it small.
void set_files(rocksdb::Options& options) {
  options.create_if_missing = true;
  // Opened when first used; -1 would open all of them at the start. To open one takes a hundred reads' time.
  options.max_open_files = int(std::min(usable_descriptors() / descriptors_share, open_tables_max));
  options.max_file_opening_threads = 1;
  options.table_cache_numshardbits = 3;
  options.skip_stats_update_on_db_open = true;
  options.skip_checking_sst_file_sizes_on_db_open = true;
  options.allow_fallocate = false;  // the log would reserve a write buffer's size at once
  options.max_manifest_file_size = 4 << 20;
  options.info_log = std::make_shared<RocksdbLogger>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
}

// The write-ahead log. Its records end where a killed process or a power cut stopped; what was synced lies before that.
void set_log(rocksdb::Options& options) {
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.avoid_flush_during_recovery = true;  // the log stays the only copy until the write buffer is full
  options.avoid_flush_during_shutdown = true;
  options.wal_bytes_per_sync = 1 << 20;  // with relaxed durability the kernel writes it out steadily
  options.bytes_per_sync = 1 << 20;
}

}  // namespace

size_t block_cache_capacity(size_t configured_bytes) {
  if (configured_bytes > 0) return configured_bytes;
  return std::max<size_t>(usable_memory_bytes() / cache_share_of_memory, cache_bytes_min);
}

rocksdb::Options rocksdb_options(size_t block_cache_bytes, size_t write_buffer_bytes) {
  rocksdb::Options options;
  set_files(options);
  set_log(options);

  options.max_background_jobs = 2;
  options.write_buffer_size = write_buffer_bytes;
  options.max_write_buffer_number = 3;
  // What is not in the write buffer is not searched there: a search is a dozen misses of the processor's caches.
  options.memtable_prefix_bloom_size_ratio = 0.02;
  options.memtable_whole_key_filtering = true;
  options.arena_block_size = 256 << 10;             // malloc maps these, so they return to the system
  options.allow_concurrent_memtable_write = false;  // the committer is the only writer
  options.enable_write_thread_adaptive_yield = false;
  options.level_compaction_dynamic_level_bytes = true;

  // At every level: what is read most lies at the last one, and to unpack a block of ZSTD takes three times as long.
  options.compression = first_supported({rocksdb::kLZ4Compression, rocksdb::kSnappyCompression});
  options.table_factory = std::make_shared<TableFactory>(table_options(block_cache_bytes));
  // A queue deletes what it put: a table in which 512 of 4,096 neighbours, or half of all, are tombstones is compacted
  // soon, or else every scan over the queue's head would step over them.
  options.table_properties_collector_factories.push_back(rocksdb::NewCompactOnDeletionCollectorFactory(4096, 512, 0.5));
  return options;
}

}  // namespace outcrop::store
