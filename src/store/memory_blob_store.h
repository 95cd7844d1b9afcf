// Blobs in memory, gone with the process.
#pragma once
#include <map>
#include <memory>
#include <mutex>

#include "base/random.h"
#include "base/time.h"
#include "store/blob_store.h"

namespace outcrop::store {

class MemoryBlobStore final : public BlobStore {
 public:
  MemoryBlobStore(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

  Task<Result<std::unique_ptr<BlobWriter>>> create() override;
  Task<Result<std::unique_ptr<BlobReader>>> open(std::string_view id, uint64_t offset, uint64_t length) override;
  Task<Result<void>> erase(std::string_view id) override;
  Task<Result<uint64_t>> sweep(IsReferenced is_referenced, Seconds age_min) override;

 private:
  class Writer;
  class Reader;
  struct Blob {
    std::shared_ptr<const std::string> content;  // a reader keeps what is erased meanwhile
    SteadyTime made_at;
  };
  std::vector<BlobId> older_than(SteadyTime limit) const;

  const Clock& clock_;
  Random& random_;
  mutable std::mutex mutex_;
  std::map<BlobId, Blob, std::less<>> blobs_;
};

}  // namespace outcrop::store
