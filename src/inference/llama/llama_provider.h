// A model in a GGUF file: a llama-server of our own, asked as any server of OpenAI's API is.
#pragma once
#include "inference/llama/llama_server.h"
#include "inference/openai/openai_provider.h"

namespace outcrop::inference {

class LlamaProvider final : public Provider {
 public:
  // What is passed must outlive it. `timeout`: as OpenAiOptions has it.
  LlamaProvider(LlamaOptions options, Milliseconds timeout, EndpointsOptions sharing, uint16_t port, World& world,
                net::HttpClients& clients, Metrics& metrics);

  void begin() override { server_.begin(); }
  Task<void> stop() override { return server_.stop(); }

  // Faults: those of OpenAiProvider, and ModelNotReadyException 429.
  Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest request) override;
  Task<Result<Embeddings>> embed(EmbeddingRequest request) override;
  Task<Result<int64_t>> count_tokens(const ModelRequest& request) override { return provider_.count_tokens(request); }

 private:
  LlamaServer server_;
  OpenAiProvider provider_;
};

}  // namespace outcrop::inference
