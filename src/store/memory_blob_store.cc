// Blobs in memory.
#include "store/memory_blob_store.h"

#include <algorithm>

#include "store/blob_id.h"
#include "store/limits.h"

namespace outcrop::store {

class MemoryBlobStore::Writer final : public BlobWriter {
 public:
  explicit Writer(MemoryBlobStore& store) : store_(store) {}

  Task<Result<void>> append(std::string part) override {
    content_ += part;
    co_return {};
  }

  Task<Result<BlobId>> finish() override {
    BlobId id = new_blob_id(store_.random_);
    auto content = std::make_shared<const std::string>(std::move(content_));
    std::lock_guard lock(store_.mutex_);
    store_.blobs_.emplace(id, Blob{std::move(content), store_.clock_.steady()});
    co_return id;
  }

 private:
  MemoryBlobStore& store_;
  std::string content_;
};

class MemoryBlobStore::Reader final : public BlobReader {
 public:
  Reader(std::shared_ptr<const std::string> content, uint64_t offset, uint64_t length)
      : content_(std::move(content)),
        at_(std::min<uint64_t>(offset, content_->size())),
        end_(at_ + std::min(length, content_->size() - at_)) {}

  uint64_t size() const override { return content_->size(); }

  Task<Result<std::string>> next() override {
    std::string part = content_->substr(at_, std::min<uint64_t>(end_ - at_, blob_part_bytes));
    at_ += part.size();
    co_return part;
  }

 private:
  const std::shared_ptr<const std::string> content_;
  uint64_t at_;
  const uint64_t end_;
};

Task<Result<std::unique_ptr<BlobWriter>>> MemoryBlobStore::create() { co_return std::make_unique<Writer>(*this); }

Task<Result<std::unique_ptr<BlobReader>>> MemoryBlobStore::open(std::string_view id, uint64_t offset, uint64_t length) {
  std::lock_guard lock(mutex_);
  auto found = blobs_.find(id);
  if (found == blobs_.end()) co_return blob_not_found(id);
  co_return std::make_unique<Reader>(found->second.content, offset, length);
}

Task<Result<void>> MemoryBlobStore::erase(std::string_view id) {
  std::lock_guard lock(mutex_);
  if (auto found = blobs_.find(id); found != blobs_.end()) blobs_.erase(found);
  co_return {};
}

std::vector<BlobId> MemoryBlobStore::older_than(SteadyTime limit) const {
  std::lock_guard lock(mutex_);
  std::vector<BlobId> ids;
  for (const auto& [id, blob] : blobs_) {
    if (blob.made_at <= limit) ids.push_back(id);
  }
  return ids;
}

Task<Result<uint64_t>> MemoryBlobStore::sweep(IsReferenced is_referenced, Seconds age_min) {
  uint64_t erased = 0;
  for (const BlobId& id : older_than(clock_.steady() - age_min)) {
    if (co_await is_referenced(id)) continue;
    co_await erase(id);
    ++erased;
  }
  co_return erased;
}

}  // namespace outcrop::store
