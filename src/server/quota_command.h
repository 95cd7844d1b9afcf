// `outcrop quota`: a running server's quotas against what is used of them, live in a terminal.
#pragma once
#include <optional>
#include <string>

namespace outcrop::server {

struct QuotaFlags {
  std::optional<std::string> endpoint;
  bool once = false;
  bool json = false;
};

// Gives the exit status. Without a terminal, and as JSON, it prints once; in one it goes on until it is interrupted.
int show_quota(const QuotaFlags& flags);

}  // namespace outcrop::server
