// Config: everything that can be set, from outcrop.yaml and from flags, which win. docs/configuration.md
// describes each key; a test loads the example there.
#pragma once
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "auth/access_keys.h"
#include "auth/bearer_keys.h"
#include "core/admission.h"
#include "net/limits.h"
#include "runner/limits.h"
#include "server/budget_config.h"
#include "server/model_config.h"
#include "server/runtime_config.h"
#include "server/setting.h"
#include "server/telemetry_config.h"
#include "server/usage_config.h"
#include "server/yaml_reader.h"

namespace outcrop::server {

struct Limits {
  size_t connections = net::limits::connections_max;            // open at once; more wait in the backlog
  uint64_t body_memory_bytes = net::limits::body_budget_bytes;  // request bodies held whole at once; more wait
  uint64_t store_cache_bytes = 0;                               // of what was read from disk; 0: as the memory there is allows
  Milliseconds shutdown{10'000};                                // for requests under way when the server is told to stop
};

// Whose tokens AssumeRoleWithWebIdentity takes.
struct WebIdentityIssuerConfig {
  std::string issuer;  // "https://token.example.com"
  std::vector<std::string> audiences, subjects, accounts;
  std::string jwks_file;  // its public keys, a JSON Web Key Set
};

// In PEM form: the server's certificate before those that lead to an authority, and its key.
struct TlsFiles {
  std::string certificate, key;
};

// How functions run.
struct FunctionsConfig {
  size_t environments = 0;                                   // of this machine, at once; 0: as its memory allows
  Milliseconds idle_timeout = runner::limits::idle_timeout;  // one that is not used ends
};

struct Config {
  std::vector<ListenAddress> listen;  // empty: default_listen_address
  std::string data;                   // a directory or ":memory:"; empty: the default directory
  Durability durability = Durability::sync;
  AuthMode auth = AuthMode::open;
  ClockMode clock = ClockMode::real;
  size_t threads = 0;  // event loops; 0: one for each core it may use
  log::Level log_level = log::Level::info;
  LogFormat log_format = LogFormat::automatic;
  std::vector<std::string> allowed_hosts, allowed_origins;
  std::optional<TlsFiles> tls;  // none: certificates by an authority of the server's own
  auth::CredentialsConfig credentials;
  std::vector<auth::BearerKeyConfig> bedrock_api_keys;
  std::vector<WebIdentityIssuerConfig> web_identity_issuers;
  Limits limits;
  std::vector<ThrottleLimit> throttles;
  std::vector<ModelConfig> models;  // the first that matches a model counts; the embedded model answers for the others
  bedrock_runtime::BudgetOptions budgets;
  gateway::UsageOptions usage;  // of WebSocket APIs
  TelemetryConfig telemetry;
  FunctionsConfig functions;
  std::vector<std::string> code_directories;  // below which functions may run from where their code lies, with identities enforced
  RuntimesConfig runtimes;
};

// What the command line said; the rest is the file's, or the default.
struct Flags {
  std::optional<std::string> config_file;
  std::vector<ListenAddress> listen;
  std::optional<std::string> data;
  std::optional<Durability> durability;
  std::optional<AuthMode> auth;
  std::optional<ClockMode> clock;
  std::optional<size_t> threads;
  std::optional<log::Level> log_level;
  std::optional<LogFormat> log_format;
  std::optional<std::string> tls_certificate, tls_key;  // both or none

  void apply_to(Config& config) const;
};

// What a throttle can name.
struct KnownService {
  std::string_view name;
  std::vector<std::string_view> operations;
};

// Reads a configuration file, or gives everything that is wrong with it. A file that holds secrets must be
// readable by its owner only. Relative paths in it start at its own directory.
std::expected<Config, std::vector<Problem>> load_config(const std::filesystem::path& file, std::span<const KnownService> services);

// The same from text; `directory` is where relative paths start.
std::expected<Config, std::vector<Problem>> parse_config(const std::string& text, const std::filesystem::path& directory,
                                                         std::span<const KnownService> services);

// "outcrop.yaml:3:5: durability: must be …", one problem a line.
std::string describe(const std::filesystem::path& file, const std::vector<Problem>& problems);

}  // namespace outcrop::server
