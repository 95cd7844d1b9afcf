#include "runner/runtimes/bootstraps.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/digest.h"
#include "base/encoding.h"

namespace outcrop::runner {

namespace fs = std::filesystem;

namespace {

constexpr fs::perms directory_mode =
    fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec;
constexpr fs::perms file_mode = fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::others_read;

std::string content_name() {
  Sha256 digest;
  for (const BootstrapFile& file : bootstrap_files()) {
    digest.add(file.path);
    digest.add(std::string_view("\0", 1));
    digest.add(file.text);
    digest.add(std::string_view("\0", 1));
  }
  return hex(digest.finish()).substr(0, 16);
}

// Throws filesystem_error.
void write_bootstraps(const fs::path& directory) {
  fs::create_directory(directory);
  fs::permissions(directory, directory_mode);
  for (const BootstrapFile& file : bootstrap_files()) {
    const fs::path path = directory / file.path;
    if (fs::create_directories(path.parent_path())) fs::permissions(path.parent_path(), directory_mode);
    std::ofstream out(path, std::ios::binary);
    out.write(file.text.data(), std::streamsize(file.text.size()));
    out.close();
    if (!out) throw fs::filesystem_error("cannot write", path, std::error_code(errno, std::generic_category()));
    fs::permissions(path, file_mode);
  }
}

// A machine that lost its power may have kept the names of files and not what they hold.
bool is_whole(const fs::path& directory) {
  return std::ranges::all_of(bootstrap_files(), [&directory](const BootstrapFile& file) {
    std::ifstream in(directory / file.path, std::ios::binary);
    return in && std::string(std::istreambuf_iterator<char>(in), {}) == file.text;
  });
}

}  // namespace

Result<std::string> install_bootstraps(const std::string& parent) {
  try {
    fs::create_directories(parent);
    fs::permissions(parent, directory_mode);
    const std::string name = content_name();
    const fs::path directory = fs::path(parent) / name;
    for (const auto& entry : fs::directory_iterator(parent)) {
      if (entry.path().filename() != name) fs::remove_all(entry.path());
    }
    if (!is_whole(directory)) {
      fs::remove_all(directory);
      const fs::path unfinished = fs::path(parent) / (name + ".unfinished");
      write_bootstraps(unfinished);
      fs::rename(unfinished, directory);
    }
    return fs::absolute(directory).string();
  } catch (const fs::filesystem_error& error) {
    return fail("RuntimesUnavailable", 500, std::string("the programs that run functions cannot be written: ") + error.what());
  }
}

}  // namespace outcrop::runner
