// RocksDB's file system without the syncs that protect nothing, and with reads that do not wait.
#include "store/rocksdb_files.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "store/files.h"

namespace outcrop::store {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

namespace {

thread_local bool may_not_wait = false;

IOStatus failed(const std::string& path, int error) {
  return error == ENOENT ? IOStatus::PathNotFound(path, std::strerror(error)) : IOStatus::IOError(path, std::strerror(error));
}

}  // namespace

ReadsWithoutWaiting::ReadsWithoutWaiting(bool on) : before_(std::exchange(may_not_wait, on)) {}
ReadsWithoutWaiting::~ReadsWithoutWaiting() { may_not_wait = before_; }

class RocksdbFiles::Table final : public rocksdb::FSRandomAccessFile {
 public:
  Table(std::string path, int file) : path_(std::move(path)), file_(file) {}
  ~Table() override { ::close(file_); }

  IOStatus Read(uint64_t offset, size_t size, const IOOptions&, rocksdb::Slice* result, char* scratch, IODebugContext*) const override {
    size_t done = 0;
    while (done < size) {
      const iovec rest{scratch + done, size - done};
      const ssize_t n = ::preadv2(file_, &rest, 1, off_t(offset + done), may_not_wait ? RWF_NOWAIT : 0);
      if (n == 0) break;  // the end of the file
      if (n > 0) {
        done += size_t(n);
      } else if (errno != EINTR) {
        // Some file systems cannot tell: to them everything would wait.
        const bool would_wait = may_not_wait && (errno == EAGAIN || errno == EOPNOTSUPP);
        return would_wait ? IOStatus::Busy("it would wait for the disk") : failed(path_, errno);
      }
    }
    *result = {scratch, done};
    return IOStatus::OK();
  }
  IOStatus Prefetch(uint64_t offset, size_t size, const IOOptions&, IODebugContext*) override {
    ::posix_fadvise(file_, off_t(offset), off_t(size), POSIX_FADV_WILLNEED);
    return IOStatus::OK();
  }
  void Hint(AccessPattern pattern) override {
    if (pattern == kRandom) ::posix_fadvise(file_, 0, 0, POSIX_FADV_RANDOM);
  }
  IOStatus InvalidateCache(size_t offset, size_t size) override {
    ::posix_fadvise(file_, off_t(offset), off_t(size), POSIX_FADV_DONTNEED);
    return IOStatus::OK();
  }

 private:
  const std::string path_;
  const int file_;
};

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

IOStatus RocksdbFiles::NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions&,
                                           std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext*) {
  if (may_not_wait) return IOStatus::Busy("opening a file waits");
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return failed(path, errno);
  *file = std::make_unique<Table>(path, opened);
  return IOStatus::OK();
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
