// `outcrop logs`: what a function wrote, and with --follow what it writes, as it writes it.
#pragma once
#include <optional>
#include <string>

#include "base/time.h"

namespace outcrop::server {

struct LogsFlags {
  std::string of;  // a function by its name or ARN, or a log group by its name ("/aws/lambda/orders")
  std::optional<std::string> endpoint, region;
  bool follow = false;
  Milliseconds since{600'000};  // back from now
  std::string filter;           // a filter pattern; empty: everything
};

// Gives the exit status. Follows until it is interrupted, or the server goes.
int show_logs(const LogsFlags& flags);

}  // namespace outcrop::server
