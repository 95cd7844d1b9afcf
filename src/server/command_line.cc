#include "server/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "core/duration_text.h"
#include "gen/version.h"

namespace outcrop::server {

namespace {

template <class T>
T parsed_or_throw(const std::string& option, const std::string& text, Parsed<T> (*parse)(std::string_view)) {
  Parsed<T> value = parse(text);
  if (!value) throw CLI::ValidationError(option, value.error());
  return std::move(*value);
}

template <class T>
void add_setting(CLI::App& app, const std::string& name, std::optional<T>& out, Parsed<T> (*parse)(std::string_view),
                 const std::string& value_name, const std::string& description) {
  app.add_option_function<std::string>(
         name, [&out, name, parse](const std::string& text) { out = parsed_or_throw(name, text, parse); }, description)
      ->type_name(value_name);
}

void add_config_option(CLI::App& app, const std::string& name, Flags& flags) {
  app.add_option(name, flags.config_file, "configuration file (default: $OUTCROP_CONFIG, else ~/.config/outcrop/outcrop.yaml if it exists)")
      ->type_name("FILE");
}

constexpr const char* data_description = "where everything is kept (default: ~/.local/share/outcrop)";

void add_tls(CLI::App& app, Flags& flags) {
  add_setting(app, "--tls-cert", flags.tls_certificate, parse_file, "FILE",
              "TLS certificate with its chain, PEM (default: by an authority of the server's own)");
  add_setting(app, "--tls-key", flags.tls_key, parse_file, "FILE", "its key, PEM");
  app.get_option("--tls-cert")->needs("--tls-key");
  app.get_option("--tls-key")->needs("--tls-cert");
}

void add_serve(CLI::App& app, CommandLine& line) {
  CLI::App* serve = app.add_subcommand("serve", "Run the server");
  serve->callback([&line] { line.command = CommandLine::Command::serve; });
  Flags& flags = line.flags;
  serve
      ->add_option_function<std::vector<std::string>>(
          "--listen",
          [&flags](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) flags.listen.push_back(parsed_or_throw("--listen", text, parse_listen_address));
          },
          "address to listen on; may be repeated; port 0 takes a free one (default: 127.0.0.1:4566)")
      ->type_name("IP:PORT")
      ->allow_extra_args(false);
  add_setting(*serve, "--data", flags.data, parse_data, "DIR|:memory:", data_description);
  add_setting(*serve, "--durability", flags.durability, parse_durability, "sync|relaxed",
              "sync: acknowledged means on disk; relaxed: within a second (default: sync)");
  add_setting(*serve, "--auth", flags.auth, parse_auth_mode, "open|enforce",
              "open: any well-formed credential; enforce: the configured keys (default: open)");
  add_tls(*serve, flags);
  add_config_option(*serve, "--config", flags);
  add_setting(*serve, "--clock", flags.clock, parse_clock_mode, "real|manual", "manual: time moves when told (default: real)");
  add_setting(*serve, "--threads", flags.threads, parse_threads, "N", "event loops (default: one for each core it may use)");
  add_setting(*serve, "--log-level", flags.log_level, parse_log_level, "debug|info|warning|error",
              "least level that is logged (default: info)");
  add_setting(*serve, "--log-format", flags.log_format, parse_log_format, "auto|text|json", "auto: text on a terminal, JSON otherwise");
}

void add_config(CLI::App& app, CommandLine& line) {
  CLI::App* config = app.add_subcommand("config", "Work with the configuration file");
  config->require_subcommand(0, 1);  // none is refused below, in words that know the commands
  CLI::App* check = config->add_subcommand("check", "Say what is wrong with a configuration file, or OK");
  check->callback([&line] { line.command = CommandLine::Command::check_config; });
  add_config_option(*check, "file", line.flags);
}

void add_authority(CLI::App& app, CommandLine& line) {
  CLI::App* authority =
      app.add_subcommand("ca", "Print the file of the certificate authority that clients of TLS must trust; made where it is missing");
  authority->callback([&line] { line.command = CommandLine::Command::show_authority; });
  add_setting(*authority, "--data", line.flags.data, parse_data, "DIR", data_description);
  add_config_option(*authority, "--config", line.flags);
}

constexpr const char* endpoint_description = "of the server (default: $AWS_ENDPOINT_URL, else http://127.0.0.1:4566)";

void add_quota(CLI::App& app, CommandLine& line) {
  CLI::App* quota =
      app.add_subcommand("quota", "Show what is used of a running server's quotas, and when they are used up; live in a terminal");
  quota->callback([&line] { line.command = CommandLine::Command::show_quota; });
  quota->add_option("--endpoint", line.quota.endpoint, endpoint_description)->type_name("URL");
  quota->add_flag("--once", line.quota.once, "print once and end, as it does when it is not in a terminal");
  quota->add_flag("--json", line.quota.json, "print what the server answers, once");
}

Parsed<Milliseconds> parse_since(std::string_view text) {
  if (const auto duration = outcrop::parse_duration(text)) return *duration;
  return std::unexpected("must be a duration such as 10m, 1h30m or 2d");
}

void add_logs(CLI::App& app, CommandLine& line) {
  CLI::App* logs = app.add_subcommand("logs", "Show what a function logs");
  logs->callback([&line] { line.command = CommandLine::Command::show_logs; });
  LogsFlags& flags = line.logs;
  logs->add_option("function", flags.of, "its name or ARN, or a log group's name, which begins with '/'")->required();
  logs->add_flag("--follow,-f", flags.follow, "go on as it logs, until interrupted");
  logs->add_option_function<std::string>(
          "--since", [&flags](const std::string& text) { flags.since = parsed_or_throw("--since", text, parse_since); },
          "how far back it begins (default: 10m)")
      ->type_name("DURATION");
  logs->add_option("--filter", flags.filter, "a filter pattern of CloudWatch Logs: only what matches")->type_name("PATTERN");
  logs->add_option("--region", flags.region, "of the function (default: $AWS_REGION, else us-east-1)")->type_name("REGION");
  logs->add_option("--endpoint", flags.endpoint, endpoint_description)->type_name("URL");
}

void add_models(CLI::App& app, CommandLine& line) {
  CLI::App* models = app.add_subcommand("models", "List who answers for which model, and check that each can be asked");
  models->callback([&line] { line.command = CommandLine::Command::list_models; });
  add_config_option(*models, "--config", line.flags);
  models->add_flag_callback("--no-check", [&line] { line.check_models = false; }, "only list");
}

void add_runtimes(CLI::App& app, CommandLine& line) {
  CLI::App* runtimes = app.add_subcommand("runtimes", "List which program runs the functions of which runtime, and its version");
  runtimes->callback([&line] { line.command = CommandLine::Command::list_runtimes; });
  add_config_option(*runtimes, "--config", line.flags);
}

}  // namespace

std::expected<CommandLine, Ending> parse_command_line(int argc, const char* const* argv) {
  CLI::App app("The AWS generative-AI stack as one server.", "outcrop");
  CommandLine line;
  const std::string version_line = fmt::format("outcrop {}", version);
  app.set_version_flag("--version", version_line, "Print the version");
  app.require_subcommand(0, 1);
  add_serve(app, line);
  add_config(app, line);
  add_authority(app, line);
  add_quota(app, line);
  add_logs(app, line);
  add_models(app, line);
  add_runtimes(app, line);
  app.add_subcommand("services", "List the services and how many of their operations are implemented")->callback([&line] {
    line.command = CommandLine::Command::list_services;
  });
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty())
      throw CLI::ParseError("a command is needed: serve, config check, models, runtimes, quota, logs, ca or services", exit_usage);
    if (app.got_subcommand("config") && app.get_subcommand("config")->get_subcommands().empty())
      throw CLI::ParseError("config needs a command: check", exit_usage);
  } catch (const CLI::CallForHelp&) {
    return std::unexpected(Ending{exit_ok, app.help()});
  } catch (const CLI::CallForAllHelp&) {
    return std::unexpected(Ending{exit_ok, app.help("", CLI::AppFormatMode::All)});
  } catch (const CLI::CallForVersion&) {
    return std::unexpected(Ending{exit_ok, version_line + "\n"});
  } catch (const CLI::ParseError& error) {
    return std::unexpected(Ending{exit_usage, fmt::format("outcrop: {}\nTry: outcrop --help, or outcrop serve --help\n", error.what())});
  }
  return line;
}

}  // namespace outcrop::server
