// Which provider answers for which model: the first route whose pattern matches the model's id, else the provider of last resort. A
// provider that fails is not replaced by another: an answer comes from the model it was asked of, or not at all.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "inference/provider.h"

namespace outcrop::inference {

class ModelRouter final : public Provider {
 public:
  struct Route {
    std::string pattern;  // * stands for any text
    std::unique_ptr<Provider> provider;
  };

  // `otherwise` must outlive it.
  ModelRouter(std::vector<Route> routes, Provider& otherwise) : routes_(std::move(routes)), otherwise_(otherwise) {}

  Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest request) override;
  Task<Result<Embeddings>> embed(EmbeddingRequest request) override;
  Task<Result<int64_t>> count_tokens(const ModelRequest& request) override;

 private:
  Provider& provider_of(std::string_view model_id);

  const std::vector<Route> routes_;
  Provider& otherwise_;
};

}  // namespace outcrop::inference
