// EarlyMerges: young entries are merged before RocksDB would do it, when scans pay for their youth.
//
// RocksDB merges by what is written: an entry that a later one hides, or erases, stays until enough has come behind it, and every scan
// steps over it meanwhile. Here the steps of all scans since the last merge are counted, and once they are as many as a merge would take
// now, it is done. So merges take no longer than scans have already lost, and a range that nobody scans costs nothing.
#pragma once
#include <rocksdb/db.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "base/thread_pool.h"

namespace outcrop::store {

class EarlyMerges {
 public:
  // Both outlive it.
  EarlyMerges(rocksdb::DB& database, ThreadPool& pool);
  ~EarlyMerges();  // ends what runs

  // Counts, while it lives, the steps of a scan on this thread.
  class ScanCount {
   public:
    explicit ScanCount(EarlyMerges& merges);
    ~ScanCount();
    ScanCount(const ScanCount&) = delete;

   private:
    EarlyMerges& merges_;
    const uint64_t before_;
  };

 private:
  struct Inputs;
  // A scan stepped over so many entries that are hidden or erased. Thread-safe.
  void add_steps(uint64_t steps);
  void consider();
  Inputs inputs();
  rocksdb::Status merge(const Inputs& before);

  rocksdb::DB& database_;
  ThreadPool& pool_;
  std::atomic<uint64_t> steps_ = 0;  // since the last merge
  std::atomic<uint64_t> next_look_;  // so many steps
  std::atomic<bool> is_considering_ = false;
  std::mutex mutex_;
  std::condition_variable considered_;
};

}  // namespace outcrop::store
