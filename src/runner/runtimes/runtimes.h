// Runtimes: which program runs the functions of a runtime's identifier ("nodejs22.x"), and how it is started.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "runner/function_version.h"

namespace outcrop::runner {

struct RuntimeSettings {
  // By identifier: a path, or a name that is looked for in PATH. Identifiers without an entry: the machine's own, python3.12 before
  // python3.
  std::map<std::string, std::string, std::less<>> executables = {};
  // Where bootstraps were put, and the folder whose node_modules holds the AWS SDK for functions; empty: none was found.
  std::string bootstrap_directory = {}, library_directory = {};
};

// The identifiers whose program can be chosen: nodejs18.x to 24.x and python3.9 to 3.14; provided.al2 and provided.al2023 run what the
// function ships.
std::vector<std::string_view> chosen_identifiers();

// How a process that runs a function is started.
struct Launch {
  std::vector<std::string> arguments;                            // the program first
  std::vector<std::pair<std::string, std::string>> environment;  // what this runtime needs beside what every function has
  std::vector<std::string> directories = {};                     // that it reads, beside the function's code; absolute
  std::string program = {};                                      // that runs in the end; empty: the first argument
};

// Thread-safe. A program is asked for its version when it is needed first, by one caller, which takes some tens of milliseconds or, where
// it is a version manager's script, seconds: check() and launch() block meanwhile.
class Runtimes {
 public:
  explicit Runtimes(RuntimeSettings settings);
  ~Runtimes();

  // For CreateFunction: InvalidParameterValueException 400, with AWS's words for an identifier that is none or no longer one, and with
  // ours for one that this server has not (java, dotnet, ruby) or whose program this machine has not.
  Result<void> check(std::string_view identifier) const;

  // Faults as check(); Runtime.InvalidEntrypoint 400 where the code of a provided runtime has no bootstrap that can be run.
  Result<Launch> launch(const FunctionVersion& function) const;

  struct Described {
    std::string identifier, executable, version, problem;  // "nodejs22.x", "/usr/bin/node", "20.20.2", "is version 20, not 22"
  };
  // For `outcrop runtimes`; asks each program for its version, so it takes a while.
  std::vector<Described> describe() const;

 private:
  struct Programs;
  const RuntimeSettings settings_;
  std::unique_ptr<Programs> programs_;
};

}  // namespace outcrop::runner
