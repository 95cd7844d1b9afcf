#include "runner/sandbox/mounts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <map>

#include "base/check.h"
#include "runner/sandbox/limits.h"

namespace outcrop::runner {

namespace {

namespace fs = std::filesystem;

bool is_inside(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string normal(const std::string& path) {
  std::string text = fs::path(path).lexically_normal();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

std::string real(const std::string& path) {
  std::error_code error;
  const fs::path found = fs::canonical(path, error);
  return error ? normal(path) : found.string();
}

// "/a/b" of "/a/b/c/d" below "/a".
std::string first_below(const std::string& folder, const std::string& path) { return path.substr(0, path.find('/', folder.size() + 1)); }

// Whether each is covered; otherwise it is kept. Folders come before what lies in them.
using Places = std::map<std::string, bool>;

Places::const_iterator nearest_around(const Places& places, std::string_view path) {
  auto nearest = places.end();
  for (auto place = places.begin(); place != places.end(); ++place) nearest = is_inside(path, place->first) ? place : nearest;
  return nearest;
}

Confinement::Refusal refused(const char* step) { return {.error = errno, .step = step}; }

}  // namespace

std::optional<std::string> obstacle(const std::string& path, uint32_t user) {
  for (size_t end = 1; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string folder = path.substr(0, end);
    struct stat found{};
    if (stat(folder.c_str(), &found) != 0) return folder;
    const bool is_let_in = !S_ISDIR(found.st_mode) || (found.st_mode & S_IXOTH) || (found.st_uid == user && (found.st_mode & S_IXUSR));
    if (!is_let_in) return folder;
  }
  return std::nullopt;
}

MountPlan::MountPlan(const MountNeeds& needs) : has_own_proc_(needs.has_own_proc) {
  Places places;
  std::vector<std::string> kept, programs;
  for (const std::string& path : needs.kept) kept.insert(kept.end(), {normal(path), real(path)});
  for (const std::string& path : needs.programs) programs.insert(programs.end(), {normal(path), real(path)});
  for (const std::string& path : needs.hidden) places[real(path)] = true;
  for (const auto* paths : {&kept, &programs}) {
    for (const std::string& path : *paths) {
      const auto kept_out = needs.user ? obstacle(path, *needs.user) : std::nullopt;
      if (kept_out && *kept_out != path) places[*kept_out] = true;
    }
  }
  places["/tmp"] = true;
  // A program that the function ships is kept with its code, and not with what lies around that.
  std::erase_if(programs, [&kept](const std::string& program) {
    return std::ranges::any_of(kept, [&program](const std::string& folder) { return is_inside(program, folder); });
  });
  for (const std::string& path : programs) {
    const auto around = nearest_around(places, path);
    if (around != places.end()) kept.push_back(first_below(around->first, path));
  }
  for (const std::string& path : kept) places.try_emplace(path, false);

  // What a covered folder has is gone with it, and what a kept one has is there already.
  std::erase_if(places, [&places](const auto& place) {
    const auto around = nearest_around(places, place.first);
    return around != places.end() && around->second == place.second;
  });
  for (const auto& [path, is_covered] : places) {
    const auto around = nearest_around(places, path);
    if (!is_covered && around != places.end()) keep(path, around->first);
    if (is_covered && path != "/tmp") cover(path, "size=64k,mode=755");
    if (path == "/tmp") {
      cover(path, fmt::format("size={}m,nr_inodes={},mode=1777", needs.temporary_mb,
                              uint64_t(needs.temporary_mb) * limits::temporary_files_per_mb));
    }
  }
  std::vector<Step> closing;
  for (const Step& step : steps_) {
    if (step.act == Act::cover && step.path != "/tmp") closing.push_back({.act = Act::close_cover, .path = step.path});
  }
  steps_.insert(steps_.end(), closing.begin(), closing.end());
}

void MountPlan::cover(const std::string& path, std::string options) {
  steps_.push_back({.act = Act::cover, .path = path, .options = std::move(options)});
}

void MountPlan::keep(const std::string& path, const std::string& covered_by) {
  check(kept_.size() < limits::kept_max, "too many folders are to be kept visible");
  std::error_code ignored;
  const bool is_file = !fs::is_directory(path, ignored);
  for (size_t end = covered_by.size(); (end = path.find('/', end + 1)) != std::string::npos;) {
    steps_.push_back({.act = Act::make_folder, .path = path.substr(0, end)});
  }
  steps_.push_back({.act = is_file ? Act::make_file : Act::make_folder, .path = path});
  steps_.push_back({.act = Act::put, .path = path, .tree = kept_.size()});
  kept_.push_back(path);
}

Confinement::Refusal MountPlan::apply() const noexcept {
  mount_attr read_only{.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID};
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return refused("taking mounts apart from the system's");
  if (mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &read_only, sizeof read_only) != 0) return refused("making files read-only");
  std::array<int, limits::kept_max> trees;
  for (size_t i = 0; i < kept_.size(); ++i) {
    trees[i] = open_tree(AT_FDCWD, kept_[i].c_str(), OPEN_TREE_CLONE | AT_RECURSIVE | OPEN_TREE_CLOEXEC);
    if (trees[i] < 0) return refused("keeping a folder");
  }
  for (const Step& step : steps_) {
    const Confinement::Refusal refusal = take(step, trees.data());
    if (refusal.error != 0) return refusal;
  }
  if (has_own_proc_ && mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) return refused("mounting /proc");
  return {};
}

Confinement::Refusal MountPlan::take(const Step& step, const int* trees) const noexcept {
  mount_attr read_only{.attr_set = MOUNT_ATTR_RDONLY};
  const char* path = step.path.c_str();
  int file = 0;
  switch (step.act) {
    case Act::cover:
      return mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, step.options.c_str()) == 0 ? Confinement::Refusal{}
                                                                                            : refused("mounting a folder in memory");
    case Act::make_folder:
      return mkdir(path, 0755) == 0 || errno == EEXIST ? Confinement::Refusal{} : refused("making a folder in one in memory");
    case Act::make_file:
      file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
      return file >= 0 && close(file) == 0 ? Confinement::Refusal{} : refused("making a file in a folder in memory");
    case Act::put:
      return move_mount(trees[step.tree], "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) == 0 ? Confinement::Refusal{}
                                                                                            : refused("keeping a folder in its place");
    case Act::close_cover:
      return mount_setattr(AT_FDCWD, path, 0, &read_only, sizeof read_only) == 0 ? Confinement::Refusal{}
                                                                                 : refused("closing a folder in memory");
  }
  return {};
}

}  // namespace outcrop::runner
