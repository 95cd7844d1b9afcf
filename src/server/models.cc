#include "server/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "inference/llama/llama_provider.h"
#include "net/free_port.h"

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

Result<void> read_model_key(ModelConfig& model, const Environment& environment) {
  if (model.api_key_env.empty()) return {};
  auto key = environment(model.api_key_env.c_str());
  if (!key) {
    return fail(
        "InvalidConfiguration", 400,
        fmt::format("the environment variable {}, which models: {}: api_key_env names, is not set", model.api_key_env, model.match));
  }
  model.openai.api_key = std::move(*key);
  return {};
}

Result<void> read_model_keys(std::vector<ModelConfig>& models, const Environment& environment) {
  for (ModelConfig& model : models) {
    if (auto read = read_model_key(model, environment); !read) return read;
  }
  return {};
}

namespace {

std::unique_ptr<inference::Provider> make_provider(const ModelConfig& model, net::HttpClients& clients, World& world, Metrics& metrics) {
  switch (model.provider) {
    case ProviderKind::embedded:
      return std::make_unique<inference::EmbeddedProvider>(world, model.pace);
    case ProviderKind::openai:
      return std::make_unique<inference::OpenAiProvider>(model.openai, clients, world.clock, world.random, metrics);
    case ProviderKind::llama_server:
      return std::make_unique<inference::LlamaProvider>(model.llama, model.openai.timeout, model.openai.sharing, model.llama_port, world,
                                                        clients, metrics);
  }
  check(false, "a provider nobody makes");
  return nullptr;
}

}  // namespace

Result<void> choose_model_ports(std::vector<ModelConfig>& models) {
  for (ModelConfig& model : models) {
    if (model.provider != ProviderKind::llama_server) continue;
    auto port = net::free_loopback_port();
    if (!port) return fail(std::move(port.error()));
    model.llama_port = *port;
  }
  return {};
}

std::vector<inference::ModelRouter::Route> model_routes(const std::vector<ModelConfig>& models, net::HttpClients& clients, World& world,
                                                        Metrics& metrics) {
  std::vector<inference::ModelRouter::Route> routes;
  for (const ModelConfig& model : models) {
    routes.push_back({.pattern = model.match,
                      .provider = make_provider(model, clients, world, metrics),
                      .latency = model.latency,
                      .tier = model.tier,
                      .fallback = model.fallback});
  }
  return routes;
}

}  // namespace outcrop::server
