#include "server/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "auth/credentials/credential_chain.h"
#include "inference/llama/llama_provider.h"
#include "net/free_port.h"

namespace outcrop::server {

namespace {

// Who is asked for a model's answers: whom it records, if it does. Null where nobody is.
template <class Model>
Model* asked(Model& model) {
  if (model.provider != ProviderKind::replay) return &model;
  return model.replay.records() ? model.replay.of.get() : nullptr;
}

bool asks_servers(const ModelConfig& model) {
  const ModelConfig* who = asked(model);
  return who && who->provider != ProviderKind::embedded;
}

// An upstream's credentials may come from endpoints with TLS, whatever it is itself.
bool uses_tls(const ModelConfig& model) {
  const ModelConfig* who = asked(model);
  return who && (who->provider == ProviderKind::bedrock || std::ranges::any_of(who->openai.endpoints, &net::Url::tls));
}

class EnvironmentReader {
 public:
  EnvironmentReader(const Environment& environment, const ModelConfig& model) : environment_(environment), match_(model.match) {}

  Result<void> read(std::string_view key, const std::string& variable, std::string& out) const {
    if (variable.empty()) return {};
    auto value = environment_(variable.c_str());
    if (!value) {
      return fail("InvalidConfiguration", 400,
                  fmt::format("the environment variable {}, which models: {}: {} names, is not set", variable, match_, key));
    }
    out = std::move(*value);
    return {};
  }

  Result<void> read_upstream(UpstreamConfig& upstream) const {
    if (auto read = this->read("access_key_id_env", upstream.access_key_id_env, upstream.keys.access_key_id); !read) return read;
    if (auto read = this->read("secret_access_key_env", upstream.secret_access_key_env, upstream.keys.secret); !read) return read;
    if (auto read = this->read("session_token_env", upstream.session_token_env, upstream.keys.session_token); !read) return read;
    // As AWS's SDKs have it: a key for Bedrock counts more than credentials for everything.
    const bool is_left_open = upstream.options.api_key.empty() && upstream.profile.empty() && upstream.keys.secret.empty();
    if (is_left_open) upstream.options.api_key = environment_("AWS_BEARER_TOKEN_BEDROCK").value_or("");
    return read_regions(upstream);
  }

 private:
  Result<void> read_regions(UpstreamConfig& upstream) const {
    if (upstream.regions.empty()) {
      auto region = environment_("AWS_REGION");
      if (!region) region = environment_("AWS_DEFAULT_REGION");
      if (!region) {
        return fail("InvalidConfiguration", 400,
                    fmt::format("models: {}: regions is not set, nor is the environment variable AWS_REGION", match_));
      }
      upstream.regions.push_back(std::move(*region));
    }
    std::vector<inference::BedrockRegion>& regions = upstream.options.regions;
    regions.clear();
    for (size_t i = 0; i < std::max(upstream.regions.size(), upstream.urls.size()); ++i) {
      const std::string& name = upstream.regions[std::min(i, upstream.regions.size() - 1)];
      regions.push_back({name, upstream.urls.empty() ? inference::bedrock_url(name) : upstream.urls[i]});
    }
    return {};
  }

  const Environment& environment_;
  const std::string& match_;
};

class GivenCredentials final : public auth::CredentialSource {
 public:
  explicit GivenCredentials(auth::SigningCredentials keys) : keys_(std::move(keys)) {}
  Task<Result<auth::IssuedCredentials>> load() override { co_return auth::IssuedCredentials{keys_, {}}; }

 private:
  const auth::SigningCredentials keys_;
};

// What providers are made of.
struct Workshop {
  net::HttpClients& clients;
  World& world;
  Metrics& metrics;

  std::unique_ptr<inference::Provider> make(const ModelConfig& model) const {
    switch (model.provider) {
      case ProviderKind::embedded:
        return std::make_unique<inference::EmbeddedProvider>(world, model.pace);
      case ProviderKind::openai:
        return std::make_unique<inference::OpenAiProvider>(model.openai, clients, world.clock, world.random, metrics);
      case ProviderKind::llama_server:
        return std::make_unique<inference::LlamaProvider>(model.llama, model.openai.timeout, model.openai.sharing, model.llama_port, world,
                                                          clients, metrics);
      case ProviderKind::bedrock:
        return make_upstream(model.bedrock);
      case ProviderKind::replay:
        return std::make_unique<inference::ReplayProvider>(model.replay.options, model.replay.records() ? make(*model.replay.of) : nullptr,
                                                           world);
    }
    check(false, "a provider of no kind");
    return nullptr;
  }

  std::unique_ptr<inference::Provider> make_upstream(const UpstreamConfig& upstream) const {
    std::unique_ptr<auth::CredentialCache> credentials;
    if (upstream.options.api_key.empty()) {
      credentials = std::make_unique<auth::CredentialCache>(upstream_credentials(upstream, clients, world.pool, world.clock), world.clock);
    }
    return std::make_unique<inference::BedrockProvider>(upstream.options, std::move(credentials),
                                                        inference::BedrockProvider::World{clients, world.clock, metrics});
  }
};

}  // namespace

std::unique_ptr<auth::CredentialSource> upstream_credentials(const UpstreamConfig& upstream, net::HttpClients& clients, ThreadPool& pool,
                                                             const Clock& clock) {
  if (!upstream.keys.secret.empty()) return std::make_unique<GivenCredentials>(upstream.keys);
  auth::CredentialWorld outside{clients, pool, clock, process_environment};
  return std::make_unique<auth::CredentialChain>(std::move(outside),
                                                 auth::CredentialChainOptions{upstream.profile, upstream.regions.front()});
}

Result<net::ClientOptions> model_client_options(const std::vector<ModelConfig>& models) {
  net::ClientOptions options;
  if (std::ranges::none_of(models, asks_servers)) return options;
  auto proxies = net::ProxySettings::from_environment([](const char* name) -> const char* { return std::getenv(name); });
  if (!proxies) return fail(std::move(proxies.error()));
  options.proxies = std::move(*proxies);
  if (std::ranges::any_of(models, uses_tls)) {
    auto tls = net::TlsClientContext::create();
    if (!tls) return fail(std::move(tls.error()));
    options.tls = std::move(*tls);
  }
  return options;
}

Result<void> read_model_key(ModelConfig& model, const Environment& environment) {
  ModelConfig* who = asked(model);
  if (!who) return {};
  const EnvironmentReader reader(environment, model);
  std::string& key = who->provider == ProviderKind::bedrock ? who->bedrock.options.api_key : who->openai.api_key;
  if (auto read = reader.read("api_key_env", who->api_key_env, key); !read) return read;
  return who->provider == ProviderKind::bedrock ? reader.read_upstream(who->bedrock) : Result<void>{};
}

Result<void> read_model_keys(std::vector<ModelConfig>& models, const Environment& environment) {
  for (ModelConfig& model : models) {
    if (auto read = read_model_key(model, environment); !read) return read;
  }
  return {};
}

Result<void> choose_model_ports(std::vector<ModelConfig>& models) {
  for (ModelConfig& model : models) {
    ModelConfig* who = asked(model);
    if (!who || who->provider != ProviderKind::llama_server) continue;
    auto port = net::free_loopback_port();
    if (!port) return fail(std::move(port.error()));
    who->llama_port = *port;
  }
  return {};
}

Result<void> open_cassettes(std::vector<ModelConfig>& models) {
  std::map<std::string, std::shared_ptr<inference::CassetteDirectory>> opened;
  for (ModelConfig& model : models) {
    if (model.provider != ProviderKind::replay) continue;
    std::shared_ptr<inference::CassetteDirectory>& directory = opened[model.replay.directory];
    if (!directory) {
      auto read = inference::CassetteDirectory::open(model.replay.directory, /* must_exist */ !model.replay.records());
      if (!read) return fail(std::move(read.error()));
      directory = std::move(*read);
    }
    model.replay.options.cassettes = directory;
  }
  return {};
}

std::vector<std::shared_ptr<inference::CassetteDirectory>> cassettes_of(const std::vector<ModelConfig>& models) {
  std::vector<std::shared_ptr<inference::CassetteDirectory>> directories;
  for (const ModelConfig& model : models) {
    const auto& directory = model.replay.options.cassettes;
    if (directory && !std::ranges::count(directories, directory)) directories.push_back(directory);
  }
  return directories;
}

std::vector<inference::ModelRouter::Route> model_routes(const std::vector<ModelConfig>& models, net::HttpClients& clients, World& world,
                                                        Metrics& metrics) {
  const Workshop workshop{clients, world, metrics};
  std::vector<inference::ModelRouter::Route> routes;
  for (const ModelConfig& model : models) {
    routes.push_back({.pattern = model.match,
                      .provider = workshop.make(model),
                      .latency = model.latency,
                      .tier = model.tier,
                      .fallback = model.fallback});
  }
  return routes;
}

}  // namespace outcrop::server
