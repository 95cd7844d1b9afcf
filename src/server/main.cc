// The program `outcrop`.
#include <fmt/format.h>

#include "server/command_line.h"
#include "server/commands.h"

int main(int argc, char** argv) {
  using namespace outcrop::server;
  auto line = parse_command_line(argc, argv);
  if (!line) {
    fmt::print(line.error().status == exit_ok ? stdout : stderr, "{}", line.error().text);
    return line.error().status;
  }
  switch (line->command) {
    case CommandLine::Command::serve:
      return serve(line->flags);
    case CommandLine::Command::check_config:
      return check_config(line->flags);
    case CommandLine::Command::list_services:
      return list_services();
    case CommandLine::Command::list_models:
      return list_models(line->flags, line->check_models);
    case CommandLine::Command::list_runtimes:
      return list_runtimes(line->flags);
    case CommandLine::Command::show_authority:
      return show_authority(line->flags);
    case CommandLine::Command::show_quota:
      return show_quota(line->quota);
    case CommandLine::Command::show_logs:
      return show_logs(line->logs);
  }
}
