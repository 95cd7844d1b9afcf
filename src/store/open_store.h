// Opens a store, in memory or RocksDB in a directory, and a blob store, in memory or files in a directory.
#pragma once
#include <memory>
#include <string>

#include "base/activity.h"
#include "base/random.h"
#include "base/result.h"
#include "base/thread_pool.h"
#include "base/time.h"
#include "store/blob_store.h"
#include "store/store.h"

namespace outcrop::store {

enum class Durability { sync, relaxed };

struct StoreOptions {
  std::string directory;  // made when it is missing; "": in memory, gone with the process
  Durability durability = Durability::sync;
  size_t block_cache_bytes = 0;          // of what was read from disk; filled as it is used; 0: a share of the memory there is
  size_t write_buffer_bytes = 32 << 20;  // of what is not yet in a table file; twice that while one is written
  const Clock& clock;
  Random& random;                // for the waits between attempts
  ThreadPool& pool;              // for reads that miss memory
  Activity* activity = nullptr;  // counts the commits under way
};

// Faults: StoreUnavailable 500 with the reason (no permission, corruption, disk full, opened by another process).
Result<std::unique_ptr<Store>> open_store(const StoreOptions& options);

struct BlobStoreOptions {
  std::string directory;  // made with the first blob; "": in memory
  Durability durability = Durability::sync;
  const Clock& clock;
  Random& random;
  ThreadPool& pool;
};

Result<std::unique_ptr<BlobStore>> open_blob_store(const BlobStoreOptions& options);

}  // namespace outcrop::store
