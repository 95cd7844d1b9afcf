#include "server/paths.h"

#include <cstdlib>

namespace outcrop::server {

namespace fs = std::filesystem;

namespace {

// An XDG directory. The specification has relative values ignored.
std::optional<fs::path> xdg_directory(const Environment& environment, const char* variable, const char* below_home) {
  if (auto value = environment(variable); value && fs::path(*value).is_absolute()) return fs::path(*value) / "outcrop";
  if (auto home = environment("HOME")) return fs::path(*home) / below_home / "outcrop";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  if (!value || !*value) return std::nullopt;
  return value;
}

std::optional<fs::path> default_data_directory(const Environment& environment) {
  return xdg_directory(environment, "XDG_DATA_HOME", ".local/share");
}

std::optional<fs::path> find_config_file(const std::optional<std::string>& flag, const Environment& environment) {
  if (flag) return fs::path(*flag);
  if (auto named = environment("OUTCROP_CONFIG")) return fs::path(*named);
  auto directory = xdg_directory(environment, "XDG_CONFIG_HOME", ".config");
  std::error_code ignored;
  if (directory && fs::exists(*directory / "outcrop.yaml", ignored)) return *directory / "outcrop.yaml";
  return std::nullopt;
}

fs::path resolve(const std::string& path, const fs::path& directory, const Environment& environment) {
  if (path == "~" || path.starts_with("~/")) {
    if (auto home = environment("HOME")) return fs::path(*home) / fs::path(path.substr(std::min<size_t>(2, path.size())));
  }
  return directory / path;
}

}  // namespace outcrop::server
