// Which engine a store stands on.
#include "store/open_store.h"

#include "store/local_store.h"
#include "store/memory_engine.h"

namespace outcrop::store {

Result<std::unique_ptr<Store>> open_store(const StoreOptions& options) {
  std::unique_ptr<Engine> engine = std::make_unique<MemoryEngine>();
  return std::make_unique<LocalStore>(LocalStore::Parts{std::move(engine), options.clock, options.random, options.pool, options.activity});
}

}  // namespace outcrop::store
