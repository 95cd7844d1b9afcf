// EmbeddingDialect: the native body of one family of embedding models, as InvokeModel takes and gives it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inference/provider.h"

namespace outcrop::inference {

// What a body asks for.
struct EmbeddingBody {
  std::vector<std::string> texts;
  int dimensions = 0;  // 0: the model's default
  bool normalize = true;
  std::vector<std::string> types;  // of the numbers, in the family's words; empty: unsaid
  std::string input_type;          // what the texts are for ("search_query", …), where the family asks
  std::string truncate;            // which end of a text that is too long may go, likewise
};

class EmbeddingDialect {
 public:
  virtual ~EmbeddingDialect() = default;

  // Faults with ValidationException 400 in the family's words.
  virtual Result<EmbeddingBody> read(std::string_view body, std::string_view model_id) const = 0;
  // `answer_id`: unique, letters and digits.
  virtual std::string write(const EmbeddingBody& body, const Embeddings& embeddings, std::string_view model_id,
                            std::string_view answer_id) const = 0;
};

// By the catalogue's name of it ("titan-embed-text"); null when it is not built.
const EmbeddingDialect* find_embedding_dialect(std::string_view name);

}  // namespace outcrop::inference
