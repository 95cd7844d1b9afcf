// Models that another Bedrock answers for: Amazon's, or another Outcrop. Conversations are asked for through Converse and ConverseStream,
// embeddings through InvokeModel. Several Regions of it stand in for each other: a request that one of them fails before the first event is
// sent to the next, each Region once, and never after. It is the same model everywhere: no other one answers in its place.
#pragma once
#include <memory>

#include "auth/credentials/credential_cache.h"
#include "core/metrics.h"
#include "inference/bedrock/bedrock_answer.h"
#include "inference/endpoints/server_pool.h"
#include "inference/provider.h"
#include "net/http_clients.h"

namespace outcrop::inference {

struct BedrockRegion {
  std::string name;  // "us-east-1": what requests are signed for
  net::Url url;      // without a slash at the end
};

// "https://bedrock-runtime.us-east-1.amazonaws.com"
net::Url bedrock_url(std::string_view region);

struct BedrockOptions {
  std::vector<BedrockRegion> regions;  // by preference
  std::string upstream_model;          // the id to ask for, * for the foundation model's; empty: as our caller asked
  std::string api_key;                 // a Bedrock API key; empty: requests are signed
  Milliseconds timeout{120'000};       // for the upstream's next word: the head of its answer, and between two parts of it
};

class BedrockProvider final : public Provider {
 public:
  struct World {
    net::HttpClients& clients;
    const Clock& clock;
    Metrics& metrics;
  };

  // What is passed must outlive it. `credentials` may be null where there is a key. Counts requests by endpoint and outcome.
  BedrockProvider(BedrockOptions options, std::unique_ptr<auth::CredentialCache> credentials, World world);

  // Faults: those of upstream_fault.h, and ValidationException 400 for what Converse cannot be told.
  Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest request) override;
  Task<Result<Embeddings>> embed(EmbeddingRequest request) override;
  // The upstream counts.
  Task<Result<int64_t>> count_tokens(const ModelRequest& request) override;
  Task<Result<int64_t>> estimate_input(const ModelRequest& request) override;

 private:
  // What is sent, wherever it is sent to.
  struct Post {
    std::string path;  // "/model/ID/converse"
    std::string body;
    SteadyTime deadline;
    std::stop_token stop;
  };
  struct Response {
    net::ResponseHead head;
    std::string body;
  };

  Task<Result<std::unique_ptr<Answer>>> ask(ServerPool::Lease& lease, const Post& post, const ModelRequest& request);
  Task<Result<Response>> ask_whole(const Post& post);
  Task<Result<Response>> ask_region(ServerPool::Lease& lease, const Post& post);
  Task<Result<std::unique_ptr<net::ClientExchange>>> send(const ServerPool::Lease& lease, const Post& post, std::stop_token stop);
  Task<Result<void>> authorize(net::ClientRequest& request, std::string_view region);
  std::string path_of(std::string_view model_id, std::string_view asked_id, std::string_view operation) const;

  const BedrockOptions options_;
  const std::unique_ptr<auth::CredentialCache> credentials_;
  const World world_;
  ServerPool regions_;
};

}  // namespace outcrop::inference
