// The command line: what `outcrop` was asked to do.
#pragma once
#include <expected>
#include <string>

#include "server/config.h"
#include "server/logs_command.h"
#include "server/quota_command.h"

namespace outcrop::server {

// Exit statuses, by the convention of shells and of GNU tools.
inline constexpr int exit_ok = 0, exit_failed = 1, exit_usage = 2;

struct CommandLine {
  enum class Command { serve, check_config, list_services, show_authority, show_quota, show_logs, list_models, list_runtimes };
  Command command = Command::serve;
  Flags flags;
  QuotaFlags quota;
  LogsFlags logs;
  bool check_models = true;
};

// Said instead of doing anything: help and version (status 0, for standard output) or a usage error (2, for standard error).
struct Ending {
  int status = exit_ok;
  std::string text;
};

std::expected<CommandLine, Ending> parse_command_line(int argc, const char* const* argv);

}  // namespace outcrop::server
