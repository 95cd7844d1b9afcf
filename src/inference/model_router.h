// Which provider answers for which model: the first route whose conditions a request meets, else the provider of last resort.
//
// A provider that fails is not replaced by another: an answer comes from the model it was asked of, or not at all. Unless the route names a
// fall-back: then that model is asked, by its own route, when the first failed before its first event and not by the request's own fault;
// and the answer says who served it. Embeddings have none: those of two models cannot be compared.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/metrics.h"
#include "inference/provider.h"

namespace outcrop::inference {

class ModelRouter final : public Provider {
 public:
  struct Route {
    std::string pattern;  // * stands for any text
    std::unique_ptr<Provider> provider;
    // Only requests that ask for it, whose answers then say that they were served so.
    std::optional<Latency> latency = std::nullopt;
    std::optional<ServiceTier> tier = std::nullopt;
    std::string fallback = {};  // the id of a model, or none
  };

  // What is passed must outlive it. Counts what goes to fall-backs.
  ModelRouter(std::vector<Route> routes, Provider& otherwise, Metrics& metrics);

  void begin() override;
  Task<void> stop() override;
  Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest request) override;
  Task<Result<Embeddings>> embed(EmbeddingRequest request) override;
  Task<Result<int64_t>> count_tokens(const ModelRequest& request) override;
  Task<Result<int64_t>> estimate_input(const ModelRequest& request) override;

 private:
  const Route* find(std::string_view model_id, Latency latency, ServiceTier tier) const;
  Provider& provider_of(const Route* route) { return route ? *route->provider : otherwise_; }

  const std::vector<Route> routes_;
  std::vector<Counter*> fallbacks_;  // by route; null where there is none
  Provider& otherwise_;
};

}  // namespace outcrop::inference
