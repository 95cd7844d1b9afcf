#include "inference/llama/llama_provider.h"

namespace outcrop::inference {

LlamaProvider::LlamaProvider(LlamaOptions options, Milliseconds timeout, EndpointsOptions sharing, uint16_t port, World& world,
                             net::HttpClients& clients, Metrics& metrics)
    : server_(options, port, world, clients),
      provider_({.endpoints = {{.host = "127.0.0.1", .port = port, .target = "/v1"}},
                 .served_model = options.served_model,
                 .timeout = timeout,
                 .direct = true,
                 .sharing = sharing},
                clients, world.clock, world.random, metrics) {}

Task<Result<std::unique_ptr<Answer>>> LlamaProvider::answer(ModelRequest request) {
  co_await server_.ready(request.deadline, request.stop);
  co_return co_await keep(provider_.answer(std::move(request)));
}

Task<Result<Embeddings>> LlamaProvider::embed(EmbeddingRequest request) {
  co_await server_.ready(request.deadline, request.stop);
  co_return co_await keep(provider_.embed(std::move(request)));
}

}  // namespace outcrop::inference
