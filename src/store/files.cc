// Files and directories over POSIX.
#include "store/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

namespace outcrop::store {

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

std::unexpected<Fault> fail_errno(std::string_view what, std::string_view path) {
  return fail("StoreUnavailable", 500, fmt::format("{} {}: {}", what, path, std::strerror(errno)));
}

Result<void> make_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  if (errno == ENOENT) {
    const std::string parent = std::filesystem::path(path).parent_path().string();
    if (parent.empty() || parent == path) return fail_errno("cannot make directory", path);
    if (auto made = make_directory(parent); !made) return made;
    if (::mkdir(path.c_str(), 0700) == 0) return {};
  }
  struct stat status;
  if (errno == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
  return fail_errno("cannot make directory", path);
}

Result<void> sync_path(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return errno == ENOENT ? Result<void>() : fail_errno("cannot open", path);
  if (::fsync(file.get()) != 0) return fail_errno("cannot sync", path);
  return {};
}

Result<void> sync_directory(const std::string& path) {
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(path, problem)) {
    std::error_code gone;
    if (!entry.is_regular_file(gone)) continue;
    if (auto synced = sync_path(entry.path().string()); !synced) return synced;
  }
  if (problem) return fail("StoreUnavailable", 500, fmt::format("cannot list {}: {}", path, problem.message()));
  return sync_path(path);
}

Result<void> write_all(const Descriptor& file, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    ssize_t n = ::write(file.get(), content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("cannot write", path);
    content.remove_prefix(size_t(n));
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view content) {
  const std::string unfinished = path + ".new";
  Descriptor file(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) return fail_errno("cannot make", unfinished);
  if (auto written = write_all(file, content, unfinished); !written) return written;
  if (::fdatasync(file.get()) != 0) return fail_errno("cannot sync", unfinished);
  if (::rename(unfinished.c_str(), path.c_str()) != 0) return fail_errno("cannot rename", unfinished);
  return {};
}

Result<std::optional<std::string>> read_file(const std::string& path, size_t bytes_max) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::nullopt;
  if (!file) return fail_errno("cannot open", path);
  std::string content;
  char part[4096];
  while (content.size() <= bytes_max) {
    ssize_t n = ::read(file.get(), part, sizeof part);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("cannot read", path);
    if (n == 0) return content;
    content.append(part, size_t(n));
  }
  return fail("StoreUnavailable", 500, fmt::format("{} is larger than {} bytes", path, bytes_max));
}

}  // namespace outcrop::store
