#include "server/runtime_config.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "runner/runtimes/bootstraps.h"
#include "server/paths.h"

namespace outcrop::server {

namespace {

namespace fs = std::filesystem;

bool has_sdk(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "node_modules" / "@aws-sdk", ignored);
}

// A name without a slash is looked for in PATH.
std::string program_path(const std::string& text, const fs::path& directory) {
  return text.contains('/') ? resolve(text, directory).string() : text;
}

}  // namespace

void read_runtimes(YamlReader& yaml, const YAML::Node& node, const fs::path& directory, RuntimesConfig& out) {
  std::vector<YamlReader::Key> keys;
  for (std::string_view identifier : runner::chosen_identifiers()) {
    keys.push_back({identifier, [&, identifier](const YAML::Node& program) {
                      yaml.value<std::string>(program, parse_file, [&](const std::string& text) {
                        out.executables.emplace(identifier, program_path(text, directory));
                      });
                    }});
  }
  keys.push_back({"library", [&](const YAML::Node& library) {
                    yaml.value<std::string>(library, parse_file,
                                            [&](const std::string& text) { out.library = resolve(text, directory).string(); });
                  }});
  yaml.map(node, keys);
}

std::string find_library(const RuntimesConfig& config) {
  if (!config.library.empty()) return has_sdk(config.library) ? config.library : "";
  std::error_code unknown;
  const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
  const fs::path folder = program.parent_path();
  // PREFIX/bin/outcrop; PROJECT/build/release/outcrop.
  for (const fs::path& place : {folder.parent_path() / "lib/outcrop/nodejs", folder.parent_path().parent_path()}) {
    if (!program.empty() && has_sdk(place)) return place.string();
  }
  return "";
}

Result<runner::RuntimeSettings> prepare_runtimes(const RuntimesConfig& config, const std::string& directory) {
  auto bootstraps = runner::install_bootstraps(directory);
  if (!bootstraps) return fail(std::move(bootstraps.error()));
  runner::RuntimeSettings settings{
      .executables = config.executables, .bootstrap_directory = std::move(*bootstraps), .library_directory = find_library(config)};
  if (settings.library_directory.empty()) {
    log::info("no AWS SDK for Node.js functions; those that use it must ship it", {{"configure", "runtimes: library"}});
  }
  return settings;
}

std::string describe_runtimes(const RuntimesConfig& config) {
  const auto described =
      runner::Runtimes({.executables = config.executables, .bootstrap_directory = "", .library_directory = ""}).describe();
  size_t width = 0;
  for (const auto& runtime : described) width = std::max(width, runtime.executable.size());
  std::string text;
  for (const auto& runtime : described) {
    const std::string_view executable = runtime.executable.empty() ? "-" : std::string_view(runtime.executable);
    const std::string line =
        fmt::format("{:<15}  {:<{}}  {:<9}  {}", runtime.identifier, executable, width, runtime.version, runtime.problem);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  const std::string library = find_library(config);
  if (!library.empty()) return text + fmt::format("AWS SDK for JavaScript: {}/node_modules\n", library);
  return text +
         "AWS SDK for JavaScript: none; functions that use it must ship it, or name a folder in outcrop.yaml, runtimes: {library: "
         "FOLDER}\n";
}

}  // namespace outcrop::server
