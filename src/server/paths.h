// Where things lie when nobody says: the XDG base directories (freedesktop.org, version 0.8).
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace outcrop::server {

// The value of an environment variable; none when unset or empty.
using Environment = std::function<std::optional<std::string>(const char* name)>;
std::optional<std::string> process_environment(const char* name);

// $XDG_DATA_HOME/outcrop, else ~/.local/share/outcrop; none without either variable.
std::optional<std::filesystem::path> default_data_directory(const Environment& environment);

// The flag's file, else $OUTCROP_CONFIG, else $XDG_CONFIG_HOME/outcrop/outcrop.yaml (~/.config/…) if it exists.
// The working directory is not searched: what a server does must not depend on where it was started.
std::optional<std::filesystem::path> find_config_file(const std::optional<std::string>& flag, const Environment& environment);

// A path as written in a file in `directory`: "~/x" is in the home directory, a relative one in `directory`.
std::filesystem::path resolve(const std::string& path, const std::filesystem::path& directory,
                              const Environment& environment = process_environment);

}  // namespace outcrop::server
