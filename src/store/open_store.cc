// Which engine a store stands on, and where blobs are kept.
#include "store/open_store.h"

#include "store/directory_blob_store.h"
#include "store/local_store.h"
#include "store/memory_blob_store.h"
#include "store/memory_engine.h"
#include "store/rocksdb_engine.h"

namespace outcrop::store {

Result<std::unique_ptr<Store>> open_store(const StoreOptions& options) {
  std::unique_ptr<Engine> engine;
  if (options.directory.empty()) {
    engine = std::make_unique<MemoryEngine>();
  } else {
    auto opened = RocksdbEngine::open(options);
    if (!opened) return fail(std::move(opened.error()));
    engine = std::move(*opened);
  }
  return std::make_unique<LocalStore>(LocalStore::Parts{std::move(engine), options.clock, options.random, options.pool, options.activity});
}

Result<std::unique_ptr<BlobStore>> open_blob_store(const BlobStoreOptions& options) {
  if (options.directory.empty()) return std::make_unique<MemoryBlobStore>(options.clock, options.random);
  return DirectoryBlobStore::open(options);
}

}  // namespace outcrop::store
