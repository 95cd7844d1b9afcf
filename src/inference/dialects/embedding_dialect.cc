#include "inference/dialects/embedding_dialect.h"

#include "inference/dialects/families.h"

namespace outcrop::inference {

const EmbeddingDialect* find_embedding_dialect(std::string_view name) {
  if (name == "titan-embed-text") return &titan_embed_text_dialect();
  if (name == "cohere-embed") return &cohere_embed_dialect();
  return nullptr;
}

}  // namespace outcrop::inference
