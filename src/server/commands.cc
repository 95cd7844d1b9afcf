#include "server/commands.h"

#include <fmt/format.h>

#include "base/time.h"
#include "server/banner.h"
#include "server/command_line.h"
#include "server/model_check.h"
#include "server/own_authority.h"
#include "server/paths.h"
#include "server/process.h"
#include "server/safety.h"
#include "server/server.h"
#include "server/server_tls.h"
#include "server/services.h"
#include "server/signals.h"

namespace outcrop::server {

namespace {

namespace fs = std::filesystem;

// The configuration file's settings, the default ones without a file; or what is wrong, for people.
std::expected<Config, std::string> file_config(const std::optional<fs::path>& file) {
  if (!file) return Config();
  auto loaded = load_config(*file, known_services());
  if (!loaded) return std::unexpected(describe(*file, loaded.error()));
  return std::move(*loaded);
}

// The same under the flags, as a server would have it.
std::expected<Config, std::string> effective_config(const Flags& flags, const std::optional<fs::path>& file) {
  auto read = file_config(file);
  if (!read) return read;
  Config& config = *read;
  flags.apply_to(config);
  if (config.listen.empty()) config.listen.push_back(default_listen_address);
  if (config.data.empty()) {
    auto directory = default_data_directory(process_environment);
    if (!directory)
      return std::unexpected("there is no home directory to keep data in: name a directory with --data, or use --data :memory:");
    config.data = directory->string();
  }
  if (auto reason = refusal(config)) return std::unexpected(std::move(*reason));
  return read;
}

int failed(std::string_view sentence) {
  fmt::print(stderr, "outcrop: {}\n", sentence);
  return exit_failed;
}

}  // namespace

int serve(const Flags& flags) {
  StopSignals signals;
  raise_open_files_limit();
  const std::optional<fs::path> file = find_config_file(flags.config_file, process_environment);
  auto config = effective_config(flags, file);
  if (!config) return failed(config.error());
  log::set_up(config->log_level, resolve_log_format(config->log_format));
  if (file) log::info("configuration read", {{"file", file->string()}});

  auto server = Server::start(*config);
  if (!server) {
    // For people on standard error when it is a log of text, as an event when programs read it.
    if (resolve_log_format(config->log_format) == log::Format::text) return failed(server.error().message);
    log::error(server.error().message, {{"code", server.error().code}});
    return exit_failed;
  }
  announce(*config, (*server)->endpoints());

  int signal = signals.wait();
  log::info("stopping; a second signal ends it at once", {{"signal", signal}, {"bound_ms", config->limits.shutdown.count()}});
  if (!(*server)->stop()) {
    log::error("stopping took too long, leaving what is unfinished; nothing acknowledged is lost");
    std::fflush(nullptr);
    _exit(exit_failed);
  }
  server->reset();
  log::info("stopped");
  return exit_ok;
}

int check_config(const Flags& flags) {
  const std::optional<fs::path> file = find_config_file(flags.config_file, process_environment);
  if (!file) return failed("there is no configuration file: name one, or set OUTCROP_CONFIG");
  Flags none;
  auto config = effective_config(none, file);
  if (!config) return failed(config.error());
  if (config->tls) {
    if (auto usable = check_certificate_files(*config->tls, RealClock().real_wall()); !usable) return failed(usable.error().message);
  }
  fmt::print("OK {}\n", file->string());
  return exit_ok;
}

int list_services() {
  fmt::print("{}", describe_services());
  return exit_ok;
}

int list_models(const Flags& flags, bool check) {
  auto config = file_config(find_config_file(flags.config_file, process_environment));
  if (!config) return failed(config.error());
  return print_models(config->models, check) ? exit_ok : exit_failed;
}

int list_runtimes(const Flags& flags) {
  auto config = file_config(find_config_file(flags.config_file, process_environment));
  if (!config) return failed(config.error());
  fmt::print("{}", describe_runtimes(config->runtimes));
  return exit_ok;
}

int show_authority(const Flags& flags) {
  auto config = effective_config(flags, find_config_file(flags.config_file, process_environment));
  if (!config) return failed(config.error());
  if (config->tls) {
    return failed(fmt::format("the server shows the certificate {}, and has no authority of its own", config->tls->certificate));
  }
  if (config->data == ":memory:") {
    return failed("with --data :memory: the authority is gone with the server; while it runs, GET /_outcrop/ca answers it");
  }
  if (auto made = ensure_own_authority(config->data, RealClock().real_wall()); !made) return failed(made.error().message);
  fmt::print("{}\n", own_authority_file(config->data));
  return exit_ok;
}

}  // namespace outcrop::server
