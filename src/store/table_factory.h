// TableFactory: RocksDB's table files, whose indexes and filters lie in memory in one of two ways. While those in memory take no more than
// a share of the cache a new table has a whole index and a whole filter, which stay for as long as the table is open: a read finds its
// place without a look-up in the cache, each of which is several misses of the processor's caches. Beyond that a new table has them in
// parts, which come and go as other blocks do, so that the cache's size bounds memory whatever the database's size. Tables of both kinds
// are read beside each other.
#pragma once
#include <rocksdb/table.h>

#include <memory>

namespace outcrop::store {

class TableFactory final : public rocksdb::TableFactory {
 public:
  // `options` has a block cache.
  explicit TableFactory(rocksdb::BlockBasedTableOptions options);

  const char* Name() const override { return "OutcropTables"; }
  const Customizable* Inner() const override { return whole_.get(); }
  rocksdb::Status ValidateOptions(const rocksdb::DBOptions&, const rocksdb::ColumnFamilyOptions&) const override;
  using rocksdb::TableFactory::NewTableReader;
  rocksdb::Status NewTableReader(const rocksdb::ReadOptions&, const rocksdb::TableReaderOptions&,
                                 std::unique_ptr<rocksdb::RandomAccessFileReader>&& file, uint64_t file_size,
                                 std::unique_ptr<rocksdb::TableReader>*, bool prefetch) const override;
  rocksdb::TableBuilder* NewTableBuilder(const rocksdb::TableBuilderOptions&, rocksdb::WritableFileWriter*) const override;
  bool IsDeleteRangeSupported() const override { return true; }

 private:
  const std::shared_ptr<rocksdb::Cache> cache_;
  std::unique_ptr<rocksdb::TableFactory> whole_, in_parts_;
};

}  // namespace outcrop::store
