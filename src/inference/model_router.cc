#include "inference/model_router.h"

#include "auth/policy_pattern.h"

namespace outcrop::inference {

Provider& ModelRouter::provider_of(std::string_view model_id) {
  for (const Route& route : routes_) {
    if (auth::matches_wildcards(route.pattern, model_id)) return *route.provider;
  }
  return otherwise_;
}

// What a request is moved into must be found first.
Task<Result<std::unique_ptr<Answer>>> ModelRouter::answer(ModelRequest request) {
  Provider& provider = provider_of(request.model_id);
  return provider.answer(std::move(request));
}

Task<Result<Embeddings>> ModelRouter::embed(EmbeddingRequest request) {
  Provider& provider = provider_of(request.model_id);
  return provider.embed(std::move(request));
}

Task<Result<int64_t>> ModelRouter::count_tokens(const ModelRequest& request) { return provider_of(request.model_id).count_tokens(request); }

}  // namespace outcrop::inference
