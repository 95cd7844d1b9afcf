// The embedded model as a provider: it needs no weights and no network, answers from what it is given (embedded/answer.h), and
// says so. It is the default for every model of the catalogue.
#pragma once
#include "core/world.h"
#include "inference/provider.h"

namespace outcrop::inference {

// How fast it pretends to be, for trying out what waits for a model. Optimized latency halves both.
struct EmbeddedPace {
  Milliseconds first_token{0};
  double tokens_per_second = 0;  // 0: as fast as it can
};

class EmbeddedProvider final : public Provider {
 public:
  explicit EmbeddedProvider(World& world, EmbeddedPace pace = {}) : world_(world), pace_(pace) {}

  Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest request) override;
  Task<Result<Embeddings>> embed(EmbeddingRequest request) override;
  Task<Result<int64_t>> count_tokens(const ModelRequest& request) override;

 private:
  World& world_;
  const EmbeddedPace pace_;
};

}  // namespace outcrop::inference
