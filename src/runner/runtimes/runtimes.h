// Runtimes: which program runs the functions of a runtime's identifier ("nodejs22.x"), and how it is started.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "runner/function_version.h"

namespace outcrop::runner {

struct RuntimeSettings {
  // By identifier: a path, or a name that is looked for in PATH. Identifiers without an entry: the machine's own node and python3.
  std::map<std::string, std::string, std::less<>> executables = {};
  // Where bootstraps were put, and the folder whose node_modules holds the AWS SDK for functions; empty: none was found.
  std::string bootstrap_directory, library_directory;
};

// How a process that runs a function is started.
struct Launch {
  std::vector<std::string> arguments;                            // the program first
  std::vector<std::pair<std::string, std::string>> environment;  // what this runtime needs: NODE_PATH, AWS_EXECUTION_ENV, PATH, …
};

// Thread-safe.
class Runtimes {
 public:
  explicit Runtimes(RuntimeSettings settings);

  // For CreateFunction: InvalidParameterValueException 400, with AWS's words for an identifier that is none, and with ours for one that
  // this server has not (java, dotnet, ruby) or whose program this machine has not.
  Result<void> check(std::string_view identifier) const;

  // Faults as check().
  Result<Launch> launch(const FunctionVersion& function) const;

  struct Described {
    std::string identifier, executable, version, problem;  // "nodejs22.x", "/usr/bin/node", "v20.20.2", "is version 20, not 22"
  };
  // For `outcrop runtimes`; asks each executable for its version, so it takes a while.
  std::vector<Described> describe() const;

 private:
  const RuntimeSettings settings_;
};

}  // namespace outcrop::runner
