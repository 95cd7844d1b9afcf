// The configured models as providers.
#pragma once
#include <vector>

#include "auth/credentials/credential_source.h"
#include "core/metrics.h"
#include "core/world.h"
#include "inference/model_router.h"
#include "net/http_clients.h"
#include "server/model_config.h"
#include "server/paths.h"

namespace outcrop::server {

// What the clients of model servers need: authorities to trust where an https URL is configured, and the proxies of this process'
// environment. Faults say what cannot be used.
Result<net::ClientOptions> model_client_options(const std::vector<ModelConfig>& models);

// Fill in what is in the environment: keys, and the Regions of upstreams that name none. Fault: InvalidConfiguration 400, naming the
// variable that is not set.
Result<void> read_model_key(ModelConfig& model, const Environment& environment = process_environment);
Result<void> read_model_keys(std::vector<ModelConfig>& models, const Environment& environment = process_environment);

// A port for each model that is served by a child of this process. Fault: NoFreePort 500.
Result<void> choose_model_ports(std::vector<ModelConfig>& models);

// Opens the directories of recordings, each once. Fault: InvalidConfiguration 400, naming what cannot be used.
Result<void> open_cassettes(std::vector<ModelConfig>& models);
std::vector<std::shared_ptr<inference::CassetteDirectory>> cassettes_of(const std::vector<ModelConfig>& models);  // each once

// Where an upstream's credentials come from; of a key there are none. What is passed must outlive it.
std::unique_ptr<auth::CredentialSource> upstream_credentials(const UpstreamConfig& upstream, net::HttpClients& clients, ThreadPool& pool,
                                                             const Clock& clock);

// In the order of the configuration. What is passed must outlive them.
std::vector<inference::ModelRouter::Route> model_routes(const std::vector<ModelConfig>& models, net::HttpClients& clients, World& world,
                                                        Metrics& metrics);

}  // namespace outcrop::server
