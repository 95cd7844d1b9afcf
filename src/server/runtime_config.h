// The runtimes of outcrop.yaml: which programs run functions, and where the AWS SDK lies that they are given.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "runner/runtimes/runtimes.h"
#include "server/yaml_reader.h"

namespace outcrop::server {

struct RuntimesConfig {
  std::map<std::string, std::string, std::less<>> executables;  // by identifier: a path, or a name in PATH
  std::string library;                                          // the folder with node_modules; empty: where it lies by default
};

// `node` is a map; relative paths start at `directory`.
void read_runtimes(YamlReader& yaml, const YAML::Node& node, const std::filesystem::path& directory, RuntimesConfig& out);

// The configured folder, else the first there is of PREFIX/lib/outcrop/nodejs, the server being PREFIX/bin/outcrop, and the project that
// the server was built in; empty: none has the AWS SDK.
std::string find_library(const RuntimesConfig& config);

// What functions are run by: puts bootstraps below `directory`. Says once in the log what is missing.
Result<runner::RuntimeSettings> prepare_runtimes(const RuntimesConfig& config, const std::string& directory);

// For people: a line an identifier, and where the SDK is.
std::string describe_runtimes(const RuntimesConfig& config);

}  // namespace outcrop::server
