// The file system under RocksDB, bent in three places. What a table file has in the system's page cache is read without waiting
// (ReadsWithoutWaiting); and a fresh directory opens in 2 ms instead of 6:
//  - OPTIONS files are not written: nothing reads them, and RocksDB writes, syncs, reads and compares one at each open.
//  - In a directory that holds no database yet, the syncs of opening wait until settle(), which runs once before the
//    first synced commit: before that there is nothing to lose.
#pragma once
#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"

namespace outcrop::store {

// While it lives, and is on, what this thread reads of tables comes from the system's page cache or fails with Busy, and so does opening a
// table.
class ReadsWithoutWaiting {
 public:
  explicit ReadsWithoutWaiting(bool on);
  ~ReadsWithoutWaiting();
  ReadsWithoutWaiting(const ReadsWithoutWaiting&) = delete;

 private:
  const bool before_;
};

class RocksdbFiles final : public rocksdb::FileSystemWrapper {
 public:
  explicit RocksdbFiles(std::string directory);

  // Everything that opening left unsynced gets to disk; later calls give the first one's result. Thread-safe.
  Result<void> settle();
  // settle() has done all there is to do.
  bool is_settled() const { return settled_.load(std::memory_order_acquire); }

  const char* Name() const override { return "OutcropFiles"; }
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file, rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file, rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory, rocksdb::IODebugContext* debug) override;

 private:
  class Table;
  struct File;
  struct Directory;

  const std::string directory_;
  std::atomic<bool> defers_syncs_;
  std::atomic<bool> settled_;
  std::mutex mutex_;
  std::optional<Result<void>> result_;
};

}  // namespace outcrop::store
