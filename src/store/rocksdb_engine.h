// The engine on RocksDB: its log, memtable and tables. One column family, no transactions of its own.
#pragma once
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <memory>
#include <string>

#include "store/early_merges.h"
#include "store/engine.h"
#include "store/open_store.h"
#include "store/rocksdb_files.h"

namespace outcrop::store {

class RocksdbEngine final : public Engine {
 public:
  // Opens or creates the database in options.directory, whose parent exists.
  static Result<std::unique_ptr<Engine>> open(const StoreOptions& options);
  ~RocksdbEngine() override;

  std::unique_ptr<Snapshot> snapshot() override;
  Answer<std::optional<std::string>> get(std::string_view key, const Snapshot* at, Wait wait) override;
  Answer<Page> scan(const Range& range, const ScanOptions& options, const Snapshot* at, Wait wait) override;
  Answer<void> apply(std::span<const WriteBatch* const> batches, Wait wait) override;
  bool apply_waits() const override { return durability_ == Durability::sync; }
  Result<void> sync() override;
  Result<void> trim() override;
  void add_stats(StoreStats& stats) const override;

 private:
  class DatabaseSnapshot;
  RocksdbEngine(std::shared_ptr<RocksdbFiles> files, Durability durability);
  static rocksdb::ReadOptions read_options(const Snapshot* at);
  void merge(std::span<const WriteBatch* const> batches);

  const std::shared_ptr<RocksdbFiles> files_;
  const std::unique_ptr<rocksdb::Env> env_;
  const Durability durability_;
  std::unique_ptr<rocksdb::DB> database_;
  std::optional<EarlyMerges> early_merges_;
  rocksdb::WriteBatch merged_;  // of the group; kept for its buffer
  std::atomic<uint64_t> syncs_ = 0, bytes_written_ = 0;
};

}  // namespace outcrop::store
