#include "server/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "auth/credentials_file.h"
#include "server/paths.h"

namespace outcrop::server {

namespace {

namespace fs = std::filesystem;

constexpr uintmax_t config_bytes_max = 1 << 20;  // ours: a mistaken path must not be read into memory

class ConfigReader {
 public:
  ConfigReader(const fs::path& directory, std::span<const KnownService> services) : directory_(directory), services_(services) {}

  std::expected<Config, std::vector<Problem>> read(const YAML::Node& root) {
    yaml_.map(root, {{"listen", yaml_.append_to(config_.listen, parse_listen_address)},
                     {"data", [&](const YAML::Node& node) { read_data(node); }},
                     {"durability", yaml_.into(config_.durability, parse_durability)},
                     {"auth", yaml_.into(config_.auth, parse_auth_mode)},
                     {"clock", yaml_.into(config_.clock, parse_clock_mode)},
                     {"threads", yaml_.into(config_.threads, parse_threads)},
                     {"log", [&](const YAML::Node& node) { read_log(node); }},
                     {"allowed_hosts", yaml_.append_to(config_.allowed_hosts, parse_allowed_host)},
                     {"allowed_origins", yaml_.append_to(config_.allowed_origins, parse_allowed_origin)},
                     {"credentials", [&](const YAML::Node& node) { read_credentials(node); }},
                     {"bedrock_api_keys", [&](const YAML::Node& node) { read_bedrock_api_keys(node); }},
                     {"web_identity_issuers", [&](const YAML::Node& node) { read_web_identity_issuers(node); }},
                     {"tls", [&](const YAML::Node& node) { read_tls(node); }},
                     {"limits", [&](const YAML::Node& node) { read_limits(node); }},
                     {"throttles", [&](const YAML::Node& node) { read_throttles(node); }},
                     {"models", [&](const YAML::Node& node) { read_models(yaml_, node, directory_, config_.models); }},
                     {"api_keys", [&](const YAML::Node& node) { read_api_keys(yaml_, node, config_.usage.keys); }},
                     {"usage_plans", [&](const YAML::Node& node) { read_usage_plans(yaml_, node, config_.usage.plans); }},
                     {"budgets", [&](const YAML::Node& node) { read_budgets(yaml_, node, config_.budgets.budgets); }},
                     {"runtimes", [&](const YAML::Node& node) { read_runtimes(yaml_, node, directory_, config_.runtimes); }},
                     {"prices", [&](const YAML::Node& node) { read_prices(yaml_, node, config_.budgets.prices); }},
                     {"telemetry", [&](const YAML::Node& node) { read_telemetry(yaml_, node, config_.telemetry); }},
                     {"lambda", [&](const YAML::Node& node) { read_lambda(node); }}});
    check_prices(root);
    check_plans_of_keys(yaml_, root, config_.usage);
    std::vector<Problem> problems = yaml_.take_problems();
    if (!problems.empty()) return std::unexpected(std::move(problems));
    return std::move(config_);
  }

 private:
  void read_data(const YAML::Node& node) {
    yaml_.value<std::string>(node, parse_data,
                             [&](std::string data) { config_.data = data == ":memory:" ? data : resolve(data, directory_).string(); });
  }

  void read_log(const YAML::Node& node) {
    yaml_.map(node,
              {{"level", yaml_.into(config_.log_level, parse_log_level)}, {"format", yaml_.into(config_.log_format, parse_log_format)}});
  }

  void read_tls(const YAML::Node& node) {
    TlsFiles& files = config_.tls.emplace();
    auto file = [&](std::string& out) {
      return [&](const YAML::Node& path) {
        yaml_.value<std::string>(path, parse_file, [&](std::string name) { out = resolve(name, directory_).string(); });
      };
    };
    yaml_.map(node, {{"certificate", file(files.certificate), true}, {"key", file(files.key), true}});
  }

  void read_limits(const YAML::Node& node) {
    yaml_.map(node, {{"connections", yaml_.into(config_.limits.connections, parse_connections)},
                     {"body_memory", yaml_.into(config_.limits.body_memory_bytes, parse_bytes)},
                     {"store_cache", yaml_.into(config_.limits.store_cache_bytes, parse_bytes)},
                     {"shutdown", yaml_.into(config_.limits.shutdown, parse_duration)}});
  }

  void read_lambda(const YAML::Node& node) {
    yaml_.map(node, {{"code_directories", yaml_.append_to(config_.code_directories, parse_data)},
                     {"environments", yaml_.into(config_.functions.environments, parse_environments)},
                     {"idle_timeout", yaml_.into(config_.functions.idle_timeout, parse_duration)}});
    for (std::string& directory : config_.code_directories) directory = resolve(directory, directory_).string();
  }

  void read_credentials(const YAML::Node& node) {
    auto& keys = config_.credentials.keys;
    yaml_.list(node, [&](const YAML::Node& item) {
      auth::CredentialsConfig::Key key;
      yaml_.map(item, {{"access_key_id", yaml_.into(key.access_key_id, parse_access_key_id), true},
                       {"secret_access_key", yaml_.into(key.secret, parse_secret_access_key), true},
                       {"account", yaml_.into(key.account, parse_account), true},
                       {"name", yaml_.into(key.name, parse_credential_name)}});
      bool taken = std::ranges::find(keys, key.access_key_id, &auth::CredentialsConfig::Key::access_key_id) != keys.end();
      if (taken && !key.access_key_id.empty()) yaml_.report(item, fmt::format("access_key_id {} is given twice", key.access_key_id));
      keys.push_back(std::move(key));
    });
  }

  void read_bedrock_api_keys(const YAML::Node& node) {
    auto& keys = config_.bedrock_api_keys;
    yaml_.list(node, [&](const YAML::Node& item) {
      auth::BearerKeyConfig key;
      yaml_.map(item, {{"key", yaml_.into(key.key, parse_bearer_key), true},
                       {"account", yaml_.into(key.account, parse_account), true},
                       {"name", yaml_.into(key.name, parse_credential_name)}});
      bool taken = std::ranges::find(keys, key.key, &auth::BearerKeyConfig::key) != keys.end();
      if (taken && !key.key.empty()) yaml_.report(item, "the key is given twice");
      keys.push_back(std::move(key));
    });
  }

  void read_web_identity_issuers(const YAML::Node& node) {
    auto& issuers = config_.web_identity_issuers;
    yaml_.list(node, [&](const YAML::Node& item) {
      WebIdentityIssuerConfig issuer;
      auto keep_file = [&](std::string file) { issuer.jwks_file = resolve(file, directory_).string(); };
      yaml_.map(item, {{"issuer", yaml_.into(issuer.issuer, parse_issuer), true},
                       {"audiences", yaml_.append_to(issuer.audiences, parse_audience), true},
                       {"subjects", yaml_.append_to(issuer.subjects, parse_audience), true},
                       {"accounts", yaml_.append_to(issuer.accounts, parse_account)},
                       {"jwks_file", [&](const YAML::Node& file) { yaml_.value<std::string>(file, parse_data, keep_file); }, true}});
      bool taken = std::ranges::find(issuers, issuer.issuer, &WebIdentityIssuerConfig::issuer) != issuers.end();
      if (taken && !issuer.issuer.empty()) yaml_.report(item, fmt::format("issuer {} is given twice", issuer.issuer));
      issuers.push_back(std::move(issuer));
    });
  }

  void read_throttles(const YAML::Node& node) {
    yaml_.entries(node, [&](const YAML::Node& name, const YAML::Node& operations) {
      std::vector<std::string_view> names;
      for (const KnownService& service : services_) names.push_back(service.name);
      if (!is_known(name, names, "a service of this server")) return;
      const KnownService& service = *std::ranges::find(services_, name.Scalar(), &KnownService::name);
      yaml_.entries(operations, [&](const YAML::Node& operation, const YAML::Node& bucket) {
        if (operation.Scalar() != "*" && !is_known(operation, service.operations, fmt::format("an operation of {}", service.name))) return;
        read_throttle(name.Scalar(), operation.Scalar(), bucket);
      });
    });
  }

  void read_throttle(const std::string& service, const std::string& operation, const YAML::Node& node) {
    ThrottleLimit limit{service, operation};
    yaml_.map(node, {{"rate", yaml_.into(limit.rate_per_second, parse_rate), true}, {"burst", yaml_.into(limit.burst, parse_burst)}});
    if (limit.burst == 0) limit.burst = std::max(1.0, limit.rate_per_second);
    config_.throttles.push_back(std::move(limit));
  }

  // A bucket that holds less than one call would refuse every call.
  static Parsed<double> parse_burst(std::string_view text) {
    Parsed<double> burst = parse_rate(text);
    if (burst && *burst < 1) return std::unexpected(fmt::format("must be at least 1, not '{}'", text));
    return burst;
  }

  // Money cannot be counted without a price; which models lack one is seen when they are asked for.
  void check_prices(const YAML::Node& root) {
    if (!config_.budgets.prices.empty()) return;
    for (const auto& budget : config_.budgets.budgets) {
      if (std::ranges::find(budget.limits, bedrock_runtime::Unit::usd, &bedrock_runtime::BudgetConfig::Limit::unit) == budget.limits.end())
        continue;
      yaml_.report(root["budgets"], fmt::format("lacks the key prices, which the budget {} needs for its limits in USD", budget.name));
    }
  }

  bool is_known(const YAML::Node& name, const std::vector<std::string_view>& known, std::string_view kind) {
    if (std::ranges::find(known, name.Scalar()) != known.end()) return true;
    std::string_view nearest = nearest_name(name.Scalar(), known);
    yaml_.report(name, nearest.empty() ? fmt::format("is not {}", kind) : fmt::format("is not {}; did you mean {}?", kind, nearest));
    return false;
  }

  const fs::path directory_;
  const std::span<const KnownService> services_;
  Config config_;
  YamlReader yaml_;
};

std::unexpected<std::vector<Problem>> one_problem(std::string text, int line = 0, int column = 0) {
  return std::unexpected(std::vector<Problem>{{line, column, std::move(text)}});
}

bool holds_secrets(const Config& config) {
  return !config.credentials.keys.empty() || !config.bedrock_api_keys.empty() || !config.usage.keys.empty() ||
         !config.telemetry.headers.empty() || std::ranges::any_of(config.models, &ModelConfig::holds_secret);
}

}  // namespace

void Flags::apply_to(Config& config) const {
  auto set = [](const auto& from, auto& to) {
    if (from) to = *from;
  };
  if (!listen.empty()) config.listen = listen;
  // Processes of functions, which start in directories of their own, are given paths below it.
  if (data) config.data = *data == ":memory:" ? *data : fs::absolute(*data).string();
  set(durability, config.durability);
  set(auth, config.auth);
  set(clock, config.clock);
  set(threads, config.threads);
  set(log_level, config.log_level);
  set(log_format, config.log_format);
  if (tls_certificate && tls_key) config.tls = {*tls_certificate, *tls_key};
}

std::expected<Config, std::vector<Problem>> parse_config(const std::string& text, const fs::path& directory,
                                                         std::span<const KnownService> services) {
  try {
    std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() > 1)
      return one_problem("more than one YAML document", documents[1].Mark().line + 1, documents[1].Mark().column + 1);
    return ConfigReader(directory, services).read(documents.empty() ? YAML::Node() : documents[0]);
  } catch (const YAML::Exception& error) {
    return one_problem(error.msg, error.mark.line + 1, error.mark.column + 1);
  }
}

std::expected<Config, std::vector<Problem>> load_config(const fs::path& file, std::span<const KnownService> services) {
  std::error_code error;
  uintmax_t size = fs::file_size(file, error);
  if (error) return one_problem(fmt::format("{} cannot be read: {}", file.string(), error.message()));
  if (size > config_bytes_max) return one_problem(fmt::format("{} is larger than {} bytes", file.string(), config_bytes_max));
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in)
    return one_problem(fmt::format("{} cannot be read: {}", file.string(), std::error_code(errno, std::generic_category()).message()));

  auto config = parse_config(text, fs::absolute(file).parent_path(), services);
  if (config && holds_secrets(*config)) {
    if (auto guarded = auth::check_secret_file(file.string(), "access keys"); !guarded) return one_problem(guarded.error().message);
  }
  return config;
}

std::string describe(const fs::path& file, const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    if (problem.line > 0) text += fmt::format("{}:{}:{}: ", file.string(), problem.line, problem.column);
    text += problem.text;
  }
  return text;
}

}  // namespace outcrop::server
