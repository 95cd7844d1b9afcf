// The few things the standard library lacks for files that must survive a power cut.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::store {

// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// StoreUnavailable 500: "<what> <path>: <what errno says>".
std::unexpected<Fault> fail_errno(std::string_view what, std::string_view path);

// A directory that only this user may enter; one that exists is taken as it is. Parents are made too.
Result<void> make_directory(const std::string& path);
// A file's content, or a directory's entries, get to disk. A file that has gone is no fault.
Result<void> sync_path(const std::string& path);
// All files directly in a directory, and the directory.
Result<void> sync_directory(const std::string& path);
// Writes a file, whole or not at all, and syncs it; its name is on disk once the directory is synced.
Result<void> write_file(const std::string& path, std::string_view content);
// All of `content` at the descriptor's position; the path is for the fault's message.
Result<void> write_all(const Descriptor& file, std::string_view content, const std::string& path);
// None when there is no such file.
Result<std::optional<std::string>> read_file(const std::string& path, size_t bytes_max);

}  // namespace outcrop::store
