// Blobs as files: DIRECTORY/ab/abcd…, 256 folders by the first two digits. A blob is written in DIRECTORY/new and
// renamed when it is whole, so a name always means a complete content.
#pragma once
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/thread_pool.h"
#include "base/time.h"
#include "store/blob_store.h"
#include "store/open_store.h"

namespace outcrop::store {

class DirectoryBlobStore final : public BlobStore {
 public:
  // Drops what an earlier process left unfinished.
  static Result<std::unique_ptr<BlobStore>> open(const BlobStoreOptions& options);

  Task<Result<std::unique_ptr<BlobWriter>>> create() override;
  Task<Result<std::unique_ptr<BlobReader>>> open(std::string_view id, uint64_t offset, uint64_t length) override;
  Task<Result<void>> erase(std::string_view id) override;
  Task<Result<uint64_t>> sweep(IsReferenced is_referenced, Seconds age_min) override;

 private:
  class Writer;
  class Reader;
  explicit DirectoryBlobStore(const BlobStoreOptions& options);

  std::string folder_of(std::string_view id) const;
  std::string path_of(std::string_view id) const;
  std::string unfinished_path_of(std::string_view id) const;
  // The rest blocks: on the pool.
  Result<void> publish(const std::string& id);
  Result<void> unlink(const std::string& id) const;
  std::vector<BlobId> older_than(Instant limit, int folder) const;

  const std::string directory_;
  const bool durable_;
  const Clock& clock_;
  Random& random_;
  ThreadPool& pool_;
  std::array<std::atomic<bool>, 256> folders_kept_{};  // its name is on disk
};

}  // namespace outcrop::store
