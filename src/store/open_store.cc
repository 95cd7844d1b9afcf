// Which engine a store stands on, and where blobs are kept.
#include "store/open_store.h"

#include <algorithm>

#include "store/directory_blob_store.h"
#include "store/local_store.h"
#include "store/memory_blob_store.h"
#include "store/memory_engine.h"
#include "store/rocksdb_engine.h"
#include "store/rocksdb_options.h"

namespace outcrop::store {

namespace {
// Of values that were written last, beside the cache of blocks.
constexpr size_t recent_share_of_cache = 8, recent_bytes_max = 64 << 20;
}  // namespace

Result<std::unique_ptr<Store>> open_store(const StoreOptions& options) {
  LocalStore::Parts parts{
      .engine = nullptr, .clock = options.clock, .random = options.random, .pool = options.pool, .activity = options.activity};
  if (options.directory.empty()) {
    parts.engine = std::make_unique<MemoryEngine>();
  } else {
    auto opened = RocksdbEngine::open(options);
    if (!opened) return fail(std::move(opened.error()));
    parts.engine = std::move(*opened);
    parts.recent_bytes = std::min(block_cache_capacity(options.block_cache_bytes) / recent_share_of_cache, recent_bytes_max);
  }
  return std::make_unique<LocalStore>(std::move(parts));
}

Result<std::unique_ptr<BlobStore>> open_blob_store(const BlobStoreOptions& options) {
  if (options.directory.empty()) return std::make_unique<MemoryBlobStore>(options.clock, options.random);
  return DirectoryBlobStore::open(options);
}

}  // namespace outcrop::store
