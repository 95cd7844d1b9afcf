#include "services/lambda/code/unpacking.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "gen/lambda/errors.h"
#include "services/lambda/code/limits.h"
#include "store/files.h"

namespace outcrop::lambda {

namespace {

namespace fs = std::filesystem;

constexpr mode_t directory_mode = 0555, file_mode = 0444, write_bits = 0222;

Fault disk_refuses(std::string_view what, const std::string& path, int error) {
  return service_exception(fmt::format("cannot {} {}: {}", what, path, std::strerror(error)));
}

Result<void> make_directories(const fs::path& path) {
  std::error_code problem;
  fs::create_directories(path, problem);
  if (problem) return fail(disk_refuses("make", path, problem.value()));
  return {};
}

Result<void> unpack_file(const ZipEntry& entry, const fs::path& path) {
  const mode_t mode = (entry.mode | file_mode) & ~write_bits;
  const store::Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return fail(disk_refuses("make", path, errno));
  auto written = inflate_entry(entry, [&](std::string_view part) -> Result<void> {
    if (store::write_all(file, part, path)) return {};
    return fail(disk_refuses("write", path, errno));
  });
  if (!written) return written;
  if (::fchmod(file.get(), mode) != 0) return fail(disk_refuses("set the mode of", path, errno));
  return {};
}

// Whether a link at `name` that says `target` stays below the folder, by what is written there.
bool stays_inside(std::string_view name, std::string_view target) {
  if (target.empty() || target.front() == '/' || target.find('\0') != std::string_view::npos) return false;
  const fs::path meant = (fs::path(name).parent_path() / target).lexically_normal();
  return meant.empty() || *meant.begin() != "..";
}

Result<void> unpack_link(const ZipEntry& entry, const fs::path& path) {
  std::string target;
  auto read = inflate_entry(entry, [&](std::string_view part) -> Result<void> {
    target += part;
    return {};
  });
  if (!read) return read;
  if (!stays_inside(entry.name, target))
    return fail(invalid_parameter_value_exception(
        fmt::format("Could not unzip uploaded file: {} is a symbolic link that leads out of the package.", entry.name)));
  if (::symlink(target.c_str(), path.c_str()) != 0) return fail(disk_refuses("make", path, errno));
  return {};
}

Result<void> unpack_entry(const ZipEntry& entry, const fs::path& path) {
  if (entry.kind == ZipEntry::Kind::directory) return make_directories(path);
  if (auto made = make_directories(path.parent_path()); !made) return made;
  return entry.kind == ZipEntry::Kind::file ? unpack_file(entry, path) : unpack_link(entry, path);
}

// Of all directories below `root`, and of itself. Links are not followed.
Result<void> set_modes_of_directories(const fs::path& root, mode_t mode) {
  std::error_code problem;
  for (fs::recursive_directory_iterator at(root, problem), end; !problem && at != end; at.increment(problem)) {
    if (!at->is_symlink() && at->is_directory() && ::chmod(at->path().c_str(), mode) != 0)
      return fail(disk_refuses("set the mode of", at->path(), errno));
  }
  if (problem) return fail(disk_refuses("read", root, problem.value()));
  if (::chmod(root.c_str(), mode) != 0) return fail(disk_refuses("set the mode of", root, errno));
  return {};
}

}  // namespace

Result<void> unpack_archive(const ZipArchive& archive, const std::string& directory) {
  const fs::path root(directory);
  if (auto made = make_directories(root); !made) return made;
  for (const bool links : {false, true}) {
    for (const ZipEntry& entry : archive.entries()) {
      if ((entry.kind == ZipEntry::Kind::symbolic_link) != links) continue;
      if (links && entry.size > limits::symbolic_link_bytes_max)
        return fail(
            invalid_parameter_value_exception(fmt::format("Could not unzip uploaded file: the symbolic link {} is too long.", entry.name)));
      if (auto unpacked = unpack_entry(entry, root / entry.name); !unpacked) return unpacked;
    }
  }
  return set_modes_of_directories(root, directory_mode);
}

Result<void> remove_tree(const std::string& directory) {
  std::error_code problem;
  if (!fs::exists(fs::symlink_status(directory, problem))) return {};
  if (auto opened = set_modes_of_directories(directory, 0700); !opened) return opened;
  fs::remove_all(directory, problem);
  if (problem) return fail(disk_refuses("remove", directory, problem.value()));
  return {};
}

}  // namespace outcrop::lambda
