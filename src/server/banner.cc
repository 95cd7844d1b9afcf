#include "server/banner.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "gen/version.h"
#include "server/own_authority.h"

namespace outcrop::server {

namespace {

std::string_view explanation(AuthMode mode) {
  return mode == AuthMode::open ? "any well-formed credential is accepted" : "configured keys, signatures verified";
}

std::string_view explanation(ClockMode mode) {
  return mode == ClockMode::real ? "the machine's time" : "time moves with POST /_outcrop/clock/advance";
}

std::string_view explanation(Durability durability) {
  return durability == Durability::sync ? "acknowledged means on disk" : "a power cut may lose the last moments";
}

std::string tls_explanation(const Config& config) {
  if (config.tls) return "certificate " + config.tls->certificate;
  return "clients trust " + (config.data == ":memory:" ? "what GET /_outcrop/ca answers" : own_authority_file(config.data));
}

}  // namespace

std::string url_of(const net::Endpoint& endpoint) {
  net::Endpoint reachable = endpoint;
  if (reachable.address == "0.0.0.0") reachable.address = "127.0.0.1";
  if (reachable.address == "::") reachable.address = "::1";
  return "http://" + reachable.text();
}

log::Format resolve_log_format(LogFormat format) {
  if (format == LogFormat::automatic) return isatty(STDERR_FILENO) ? log::Format::text : log::Format::json;
  return format == LogFormat::json ? log::Format::json : log::Format::text;
}

std::string banner(const Config& config, const std::vector<net::Endpoint>& endpoints) {
  std::string text = fmt::format("\noutcrop {}\n", version);
  for (const net::Endpoint& endpoint : endpoints) text += fmt::format("  endpoint    {}\n", url_of(endpoint));
  text += fmt::format("  tls         on the same port: {}\n", tls_explanation(config));
  text += fmt::format("  data        {}\n", config.data == ":memory:" ? "in memory, gone with the process" : config.data);
  if (config.data != ":memory:") text += fmt::format("  durability  {}: {}\n", name_of(config.durability), explanation(config.durability));
  text += fmt::format("  auth        {}: {}\n", name_of(config.auth), explanation(config.auth));
  text += fmt::format("  clock       {}: {}\n", name_of(config.clock), explanation(config.clock));
  text += fmt::format("\n  export AWS_ENDPOINT_URL={}\n\n", url_of(endpoints.front()));
  return text;
}

void announce(const Config& config, const std::vector<net::Endpoint>& endpoints) {
  const std::string url = url_of(endpoints.front());
  if (isatty(STDERR_FILENO) && resolve_log_format(config.log_format) == log::Format::text) {
    fmt::print(stderr, "{}", banner(config, endpoints));
  } else {
    for (size_t i = 1; i < endpoints.size(); ++i) log::info("also listening", {{"endpoint", url_of(endpoints[i])}});
    log::info("ready", {{"endpoint", url},
                        {"data", config.data},
                        {"durability", name_of(config.durability)},
                        {"auth", name_of(config.auth)},
                        {"clock", name_of(config.clock)},
                        {"version", version}});
  }
  // On a terminal the greeting says it already.
  if (!isatty(STDOUT_FILENO)) {
    fmt::print("ready {}\n", url);
    std::fflush(stdout);
  }
}

}  // namespace outcrop::server
