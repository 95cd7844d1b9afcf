// Models that any OpenAI-compatible server answers for (vLLM, llama-server, Ollama, SGLang, TGI, OpenAI itself), as a provider. Several
// servers of one model share its work (endpoints/model_endpoints.h); a request that one of them fails before the first event is sent to the
// next, each server once, and never after.
#pragma once
#include <memory>

#include "base/random.h"
#include "core/metrics.h"
#include "inference/endpoints/server_pool.h"
#include "inference/openai/openai_answer.h"
#include "inference/provider.h"
#include "net/http_clients.h"

namespace outcrop::inference {

struct OpenAiOptions {
  std::vector<net::Url> endpoints;  // "http://127.0.0.1:8000/v1", without a slash at the end
  std::string served_model;         // the server's own name of the model
  std::string api_key;              // or none
  Milliseconds timeout{120'000};    // for the server's next word: the head of its answer, and between two parts of it
  bool max_completion_tokens = false;
  bool direct = false;  // past any proxy
  EndpointsOptions sharing = {};
};

class OpenAiProvider final : public Provider {
 public:
  // What is passed must outlive it. Counts requests by endpoint and outcome.
  OpenAiProvider(OpenAiOptions options, net::HttpClients& clients, const Clock& clock, Random& random, Metrics& metrics);

  // Faults: those of chat_request.h and server_fault.h.
  Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest request) override;
  Task<Result<Embeddings>> embed(EmbeddingRequest request) override;
  // An estimate: these servers count what they answer.
  Task<Result<int64_t>> count_tokens(const ModelRequest& request) override;

 private:
  Task<Result<std::unique_ptr<Answer>>> ask(ServerPool::Lease& lease, const std::string& body, const ModelRequest& request,
                                            int64_t input_tokens);
  Task<Result<std::string>> ask_for_embeddings(ServerPool::Lease& lease, const std::string& body, const EmbeddingRequest& request);
  Task<Result<std::unique_ptr<net::ClientExchange>>> send(const net::Url& endpoint, std::string_view path, const std::string& body,
                                                          SteadyTime deadline, std::stop_token stop);

  const OpenAiOptions options_;
  net::HttpClients& clients_;
  const Clock& clock_;
  Random& random_;
  ServerPool servers_;
};

}  // namespace outcrop::inference
