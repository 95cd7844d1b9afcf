// Whole contents over the streaming interface.
#include "store/blob_store.h"

namespace outcrop::store {

Task<Result<BlobId>> BlobStore::put(std::string content) {
  std::unique_ptr<BlobWriter> writer = co_await create();
  co_await writer->append(std::move(content));
  co_return co_await writer->finish();
}

Task<Result<std::string>> BlobStore::get(std::string_view id, uint64_t offset, uint64_t length) {
  std::unique_ptr<BlobReader> reader = co_await open(id, offset, length);
  std::string content = co_await reader->next();
  for (;;) {
    std::string part = co_await reader->next();
    if (part.empty()) co_return content;
    content += part;
  }
}

}  // namespace outcrop::store
