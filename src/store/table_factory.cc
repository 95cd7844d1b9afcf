// The choice between whole indexes and filters and parts of them.
#include "store/table_factory.h"

#include <rocksdb/cache.h>

#include <utility>

namespace outcrop::store {

using rocksdb::BlockBasedTableOptions;

namespace {

// Of the cache; the rest is for blocks of entries.
constexpr size_t whole_share = 2;

// Both kinds count into the cache. What is read of a table is told by the table itself, so that either's reader reads both.
BlockBasedTableOptions whole(BlockBasedTableOptions options) {
  options.cache_index_and_filter_blocks = true;
  options.cache_index_and_filter_blocks_with_high_priority = true;
  options.metadata_cache_options = {.top_level_index_pinning = rocksdb::PinningTier::kAll,
                                    .partition_pinning = rocksdb::PinningTier::kFlushedAndSimilar,
                                    .unpartitioned_pinning = rocksdb::PinningTier::kAll};
  return options;
}

BlockBasedTableOptions in_parts(BlockBasedTableOptions options) {
  options = whole(std::move(options));
  options.index_type = BlockBasedTableOptions::kTwoLevelIndexSearch;
  options.partition_filters = true;
  // Few enough parts that what says where they lie stays in the processor's caches: with the usual 4 KiB a read of a large table took a
  // third longer.
  options.metadata_block_size = 32 << 10;
  return options;
}

}  // namespace

TableFactory::TableFactory(BlockBasedTableOptions options)
    : cache_(options.block_cache),
      whole_(rocksdb::NewBlockBasedTableFactory(whole(options))),
      in_parts_(rocksdb::NewBlockBasedTableFactory(in_parts(options))) {}

rocksdb::Status TableFactory::ValidateOptions(const rocksdb::DBOptions& database, const rocksdb::ColumnFamilyOptions& family) const {
  const rocksdb::Status status = whole_->ValidateOptions(database, family);
  return status.ok() ? in_parts_->ValidateOptions(database, family) : status;
}

rocksdb::Status TableFactory::NewTableReader(const rocksdb::ReadOptions& read, const rocksdb::TableReaderOptions& options,
                                             std::unique_ptr<rocksdb::RandomAccessFileReader>&& file, uint64_t file_size,
                                             std::unique_ptr<rocksdb::TableReader>* reader, bool prefetch) const {
  return whole_->NewTableReader(read, options, std::move(file), file_size, reader, prefetch);
}

rocksdb::TableBuilder* TableFactory::NewTableBuilder(const rocksdb::TableBuilderOptions& options, rocksdb::WritableFileWriter* file) const {
  const bool has_room = cache_->GetPinnedUsage() < cache_->GetCapacity() / whole_share;
  return (has_room ? whole_ : in_parts_)->NewTableBuilder(options, file);
}

}  // namespace outcrop::store
