// The cross-site rule of open mode: a web page the developer happens to visit must not drive the server. Two doors are
// closed: requests of another origin (cross-site posts), and host names an attacker can point at us (DNS rebinding).
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace outcrop::auth {

struct WebGuardConfig {
  std::vector<std::string> host_names;  // names this server also answers to, "outcrop.test"; ".outcrop.test" with everything below it
  std::vector<std::string> origins;     // pages that may call, "https://console.example.com"
};

// Faults with AccessDenied 403 when the Host is neither an IP address, localhost, *.localhost, an AWS endpoint name nor configured, or
// when there is an Origin that is neither the Host itself nor configured. For the control planes and /_outcrop/ in open mode.
Result<void> check_web_origin(const net::RequestHead& head, const WebGuardConfig& config);

}  // namespace outcrop::auth
