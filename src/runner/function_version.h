// FunctionVersion: what is run: one version of a function, as its owner configured it. Immutable: a change makes another one, and
// environments of the one before end after what they run.
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

namespace outcrop::runner {

struct LogSettings {
  bool json = false;  // LogFormat JSON; otherwise Text
  std::string group;  // "/aws/lambda/NAME"
  // TRACE, DEBUG, INFO, WARN, ERROR, FATAL of what the function writes; DEBUG, INFO, WARN of what the platform does. JSON alone.
  std::string application_level = "INFO", system_level = "INFO";
  bool operator==(const LogSettings&) const = default;
};

struct FunctionVersion {
  std::string account, region, name;
  std::string version;            // "$LATEST", "3"
  std::string revision;           // another one after every change of code or configuration
  std::string role;               // an ARN: whose credentials it gets
  std::string runtime;            // "nodejs22.x", "provided.al2023"
  std::string handler;            // "index.handler"
  std::string code_directory;     // absolute
  bool code_is_in_place = false;  // a directory of the user's own: environments end when something in it changes
  std::vector<std::pair<std::string, std::string>> environment = {};
  Milliseconds timeout{3'000};
  int memory_mb = 128;
  int temporary_mb = 512;  // of /tmp
  LogSettings log = {};
  bool is_traced = false;  // TracingConfig Active

  // "arn:aws:lambda:us-east-1:000000000000:function:NAME", without a qualifier.
  std::string arn() const { return "arn:aws:lambda:" + region + ":" + account + ":function:" + name; }
  bool operator==(const FunctionVersion&) const = default;
};

using FunctionVersionRef = std::shared_ptr<const FunctionVersion>;

}  // namespace outcrop::runner
