#include "server/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace outcrop::server {

namespace {

bool uses_tls(const ModelConfig& model) { return std::ranges::any_of(model.openai.endpoints, &net::Url::tls); }

}  // namespace

Result<net::ClientOptions> model_client_options(const std::vector<ModelConfig>& models) {
  net::ClientOptions options;
  if (std::ranges::find(models, ProviderKind::openai, &ModelConfig::provider) == models.end()) return options;
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

Result<void> read_model_keys(std::vector<ModelConfig>& models, const Environment& environment) {
  for (ModelConfig& model : models) {
    if (model.api_key_env.empty()) continue;
    auto key = environment(model.api_key_env.c_str());
    if (!key) {
      return fail(
          "InvalidConfiguration", 400,
          fmt::format("the environment variable {}, which models: {}: api_key_env names, is not set", model.api_key_env, model.match));
    }
    model.openai.api_key = std::move(*key);
  }
  return {};
}

std::vector<inference::ModelRouter::Route> model_routes(const std::vector<ModelConfig>& models, net::HttpClients& clients, World& world,
                                                        Metrics& metrics) {
  std::vector<inference::ModelRouter::Route> routes;
  for (const ModelConfig& model : models) {
    std::unique_ptr<inference::Provider> provider;
    if (model.provider == ProviderKind::embedded) {
      provider = std::make_unique<inference::EmbeddedProvider>(world, model.pace);
    } else {
      provider = std::make_unique<inference::OpenAiProvider>(model.openai, clients, world.clock, world.random, metrics);
    }
    routes.push_back({model.match, std::move(provider)});
  }
  return routes;
}

}  // namespace outcrop::server
