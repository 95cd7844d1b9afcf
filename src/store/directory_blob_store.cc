// Blobs as files in a directory.
#include "store/directory_blob_store.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/check.h"
#include "store/blob_file.h"
#include "store/blob_id.h"
#include "store/files.h"
#include "store/limits.h"

namespace outcrop::store {

// Collects small parts, so that a blob of one part is one job of the pool.
class DirectoryBlobStore::Writer final : public BlobWriter {
 public:
  explicit Writer(DirectoryBlobStore& store) : store_(store), id_(new_blob_id(store.random_)) {}

  ~Writer() override {
    if (file_) ::unlink(store_.unfinished_path_of(id_).c_str());
  }

  Task<Result<void>> append(std::string part) override {
    waiting_ = waiting_.empty() ? std::move(part) : std::move(waiting_) + part;
    if (waiting_.size() < blob_part_bytes) co_return {};
    co_return co_await keep(store_.pool_.run([this] { return write_waiting(); }));
  }

  Task<Result<BlobId>> finish() override {
    co_await store_.pool_.run([this] { return finish_file(); });
    co_return id_;
  }

 private:
  Result<void> write_waiting() {
    if (!file_) {
      const std::string path = store_.unfinished_path_of(id_);
      if (auto made = make_directory(std::filesystem::path(path).parent_path().string()); !made) return made;
      auto file = BlobFileWriter::create(path);
      if (!file) return fail(std::move(file.error()));
      file_.emplace(std::move(*file));
    }
    Result<void> written = file_->append(waiting_);
    waiting_ = std::string();
    return written;
  }

  Result<void> finish_file() {
    if (auto written = write_waiting(); !written) return written;
    if (auto finished = file_->finish(store_.durable_); !finished) return finished;
    if (auto published = store_.publish(id_); !published) return published;
    file_.reset();  // nothing to clean up any more
    return {};
  }

  DirectoryBlobStore& store_;
  const BlobId id_;
  std::string waiting_;
  std::optional<BlobFileWriter> file_;
};

class DirectoryBlobStore::Reader final : public BlobReader {
 public:
  Reader(ThreadPool& pool, BlobFileReader file, uint64_t offset, uint64_t length)
      : pool_(pool), file_(std::move(file)), at_(std::min(offset, file_.size())), end_(at_ + std::min(length, file_.size() - at_)) {}

  uint64_t size() const override { return file_.size(); }

  Task<Result<std::string>> next() override {
    if (at_ == end_) co_return std::string();
    // Parts end where blocks do, so that no block is read twice.
    const uint64_t part_end = std::min(end_, (at_ / blob_part_bytes + 1) * blob_part_bytes);
    std::string part = co_await pool_.run([&] { return file_.read(at_, part_end - at_); });
    at_ = part_end;
    co_return part;
  }

 private:
  ThreadPool& pool_;
  const BlobFileReader file_;
  uint64_t at_;
  const uint64_t end_;
};

DirectoryBlobStore::DirectoryBlobStore(const BlobStoreOptions& options)
    : directory_(options.directory),
      durable_(options.durability == Durability::sync),
      clock_(options.clock),
      random_(options.random),
      pool_(options.pool) {}

Result<std::unique_ptr<BlobStore>> DirectoryBlobStore::open(const BlobStoreOptions& options) {
  std::unique_ptr<DirectoryBlobStore> store(new DirectoryBlobStore(options));
  std::error_code problem;
  std::filesystem::remove_all(store->directory_ + "/new", problem);
  if (problem) return fail("StoreUnavailable", 500, fmt::format("cannot empty {}/new: {}", store->directory_, problem.message()));
  return store;
}

std::string DirectoryBlobStore::folder_of(std::string_view id) const { return fmt::format("{}/{}", directory_, id.substr(0, 2)); }
std::string DirectoryBlobStore::path_of(std::string_view id) const { return fmt::format("{}/{}", folder_of(id), id); }
std::string DirectoryBlobStore::unfinished_path_of(std::string_view id) const { return fmt::format("{}/new/{}", directory_, id); }

// Gives a complete file its name.
Result<void> DirectoryBlobStore::publish(const std::string& id) {
  const std::string folder = folder_of(id), path = path_of(id);
  if (auto made = make_directory(folder); !made) return made;
  if (::rename(unfinished_path_of(id).c_str(), path.c_str()) != 0) return fail_errno("cannot rename to", path);
  if (!durable_) return {};
  if (auto synced = sync_path(folder); !synced) return synced;
  // The folder's own name, once a process: another writer may have made it and not synced it yet.
  std::atomic<bool>& folder_is_kept = folders_kept_[size_t(std::stoi(id.substr(0, 2), nullptr, 16))];
  if (folder_is_kept) return {};
  if (auto synced = sync_path(directory_); !synced) return synced;
  if (auto synced = sync_path(std::filesystem::path(directory_).parent_path().string()); !synced) return synced;
  folder_is_kept = true;
  return {};
}

Result<void> DirectoryBlobStore::unlink(const std::string& id) const {
  const std::string path = path_of(id);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno("cannot remove", path);
  return {};
}

Task<Result<std::unique_ptr<BlobWriter>>> DirectoryBlobStore::create() { co_return std::make_unique<Writer>(*this); }

Task<Result<std::unique_ptr<BlobReader>>> DirectoryBlobStore::open(std::string_view id, uint64_t offset, uint64_t length) {
  if (!is_blob_id(id)) co_return blob_not_found(id);
  std::optional<BlobFileReader> file = co_await pool_.run([&] { return BlobFileReader::open(path_of(id)); });
  if (!file) co_return blob_not_found(id);
  co_return std::make_unique<Reader>(pool_, std::move(*file), offset, length);
}

Task<Result<void>> DirectoryBlobStore::erase(std::string_view id) {
  if (!is_blob_id(id)) co_return {};
  co_return co_await keep(pool_.run([&] { return unlink(std::string(id)); }));
}

std::vector<BlobId> DirectoryBlobStore::older_than(Instant limit, int folder) const {
  std::vector<BlobId> ids;
  std::error_code ignored;  // a folder that is not there holds nothing
  for (const auto& entry : std::filesystem::directory_iterator(fmt::format("{}/{:02x}", directory_, folder), ignored)) {
    struct stat status;
    BlobId id = entry.path().filename().string();
    if (!is_blob_id(id) || ::stat(entry.path().c_str(), &status) != 0) continue;
    const Instant changed_at = instant_from_ms(int64_t(status.st_mtim.tv_sec) * 1000 + status.st_mtim.tv_nsec / 1'000'000);
    if (changed_at <= limit) ids.push_back(std::move(id));
  }
  return ids;
}

Task<Result<uint64_t>> DirectoryBlobStore::sweep(IsReferenced is_referenced, Seconds age_min) {
  const Instant limit = clock_.real_wall() - age_min;
  uint64_t erased = 0;
  for (int folder = 0; folder < 256; ++folder) {
    const std::vector<BlobId> ids = co_await pool_.run([&] { return older_than(limit, folder); });
    for (const BlobId& id : ids) {
      if (co_await is_referenced(id)) continue;
      co_await erase(id);
      ++erased;
    }
  }
  co_return erased;
}

}  // namespace outcrop::store
