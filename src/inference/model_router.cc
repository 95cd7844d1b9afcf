#include "inference/model_router.h"

#include "auth/policy_pattern.h"
#include "base/log.h"

namespace outcrop::inference {

namespace {

// What another model may do better: the model, its server or the way there failed, or has too much to do.
bool is_models_own(const Fault& fault) { return fault.status >= 500 || fault.status == 408 || fault.status == 424 || fault.status == 429; }

}  // namespace

ModelRouter::ModelRouter(std::vector<Route> routes, Provider& otherwise, Metrics& metrics)
    : routes_(std::move(routes)), otherwise_(otherwise) {
  for (const Route& route : routes_) {
    Counter* counter = route.fallback.empty() ? nullptr
                                              : &metrics.counter("outcrop_model_fallbacks_total", "Requests that went to a fall-back.",
                                                                 {{"match", route.pattern}, {"fallback", route.fallback}});
    fallbacks_.push_back(counter);
  }
}

void ModelRouter::begin() {
  for (const Route& route : routes_) route.provider->begin();
}

Task<void> ModelRouter::stop() {
  for (const Route& route : routes_) co_await route.provider->stop();
}

const ModelRouter::Route* ModelRouter::find(std::string_view model_id, Latency latency, ServiceTier tier) const {
  for (const Route& route : routes_) {
    if (route.latency.value_or(latency) != latency || route.tier.value_or(tier) != tier) continue;
    if (auth::matches_wildcards(route.pattern, model_id)) return &route;
  }
  return nullptr;
}

Task<Result<std::unique_ptr<Answer>>> ModelRouter::answer(ModelRequest request) {
  std::string served_by;
  for (size_t hops = 0;; ++hops) {
    const Route* route = find(request.model_id, request.latency, request.tier);
    std::optional<ModelRequest> again;
    if (route && !route->fallback.empty() && hops < routes_.size()) again = request;
    auto answer = co_await keep(provider_of(route).answer(std::move(request)));
    if (answer) {
      if (route && route->latency) (*answer)->latency = *route->latency;
      if (route && route->tier) (*answer)->tier = *route->tier;
      (*answer)->served_by = std::move(served_by);
      co_return answer;
    }
    if (!again || !is_models_own(answer.error())) co_return answer;
    log::warning("a model failed, and its fall-back is asked",
                 {{"model", again->model_id}, {"fallback", route->fallback}, {"reason", answer.error().message}});
    fallbacks_[size_t(route - routes_.data())]->add();
    request = std::move(*again);
    request.model_id = served_by = route->fallback;
    request.asked_id.clear();
    request.input_tokens.reset();  // who counts them is another
  }
}

// What a request is moved into must be found first.
Task<Result<Embeddings>> ModelRouter::embed(EmbeddingRequest request) {
  Provider& provider = provider_of(find(request.model_id, Latency::standard, ServiceTier::standard));
  return provider.embed(std::move(request));
}

Task<Result<int64_t>> ModelRouter::count_tokens(const ModelRequest& request) {
  return provider_of(find(request.model_id, request.latency, request.tier)).count_tokens(request);
}

Task<Result<int64_t>> ModelRouter::estimate_input(const ModelRequest& request) {
  return provider_of(find(request.model_id, request.latency, request.tier)).estimate_input(request);
}

}  // namespace outcrop::inference
