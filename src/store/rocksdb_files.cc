// RocksDB's file system without the syncs that protect nothing.
#include "store/rocksdb_files.h"

#include <filesystem>

#include "store/files.h"

namespace outcrop::store {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

struct RocksdbFiles::File final : rocksdb::FSWritableFileOwnerWrapper {
  File(std::unique_ptr<rocksdb::FSWritableFile> file, const std::atomic<bool>& defers)
      : FSWritableFileOwnerWrapper(std::move(file)), defers(defers) {}
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return defers ? IOStatus::OK() : FSWritableFileOwnerWrapper::Sync(options, debug);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return defers ? IOStatus::OK() : FSWritableFileOwnerWrapper::Fsync(options, debug);
  }
  const std::atomic<bool>& defers;
};

struct RocksdbFiles::Directory final : rocksdb::FSDirectoryWrapper {
  Directory(std::unique_ptr<rocksdb::FSDirectory> directory, const std::atomic<bool>& defers)
      : FSDirectoryWrapper(std::move(directory)), defers(defers) {}
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return defers ? IOStatus::OK() : FSDirectoryWrapper::Fsync(options, debug);
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug, const rocksdb::DirFsyncOptions& reason) override {
    return defers ? IOStatus::OK() : FSDirectoryWrapper::FsyncWithDirOptions(options, debug, reason);
  }
  const std::atomic<bool>& defers;
};

RocksdbFiles::RocksdbFiles(std::string directory)
    : FileSystemWrapper(FileSystem::Default()),
      directory_(std::move(directory)),
      defers_syncs_(!std::filesystem::exists(directory_ + "/CURRENT")),
      settled_(!defers_syncs_) {}

Result<void> RocksdbFiles::settle() {
  if (is_settled()) return {};
  std::lock_guard lock(mutex_);
  if (result_) return *result_;
  defers_syncs_ = false;  // first: what is written from here on syncs itself
  result_ = sync_directory(directory_);
  if (*result_) result_ = sync_path(std::filesystem::path(directory_).parent_path().string());
  if (*result_) settled_.store(true, std::memory_order_release);
  return *result_;
}

IOStatus RocksdbFiles::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) {
  if (path.find("/OPTIONS-") != path.npos) return IOStatus::NotSupported("options files are not kept");
  IOStatus status = FileSystemWrapper::NewWritableFile(path, options, file, debug);
  if (status.ok() && !is_settled()) *file = std::make_unique<File>(std::move(*file), defers_syncs_);
  return status;
}

IOStatus RocksdbFiles::NewDirectory(const std::string& path, const IOOptions& options, std::unique_ptr<rocksdb::FSDirectory>* directory,
                                    IODebugContext* debug) {
  IOStatus status = FileSystemWrapper::NewDirectory(path, options, directory, debug);
  if (status.ok() && !is_settled()) *directory = std::make_unique<Directory>(std::move(*directory), defers_syncs_);
  return status;
}

}  // namespace outcrop::store
