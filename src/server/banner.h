// What the server says when it is ready: a greeting for people on a terminal, a log event otherwise, and one line
// for programs on standard output.
#pragma once
#include <string>
#include <vector>

#include "net/server.h"
#include "server/config.h"

namespace outcrop::server {

// "http://127.0.0.1:4566"; an unspecified address (0.0.0.0, ::) becomes the loopback one, which a client can use.
std::string url_of(const net::Endpoint& endpoint);

// Format::automatic resolved: text when standard error is a terminal.
log::Format resolve_log_format(LogFormat format);

// The greeting, many lines.
std::string banner(const Config& config, const std::vector<net::Endpoint>& endpoints);

// Says that the server is ready, in all three ways. `config` is the effective one: its data is what was opened.
void announce(const Config& config, const std::vector<net::Endpoint>& endpoints);

}  // namespace outcrop::server
