// Embeddings that are asked for in their model's own body. Their models are throttled by requests alone (models/README.md).
#pragma once
#include <string>

#include "inference/dialects/embedding_dialect.h"
#include "services/bedrock-runtime/native/native_input.h"

namespace outcrop::bedrock_runtime {

struct NativeEmbedding {
  std::string body;
  int64_t input_tokens = 0;
  Milliseconds latency{0};
};

// Faults: those of the dialect, ValidationException 400 for terms that the model does not offer, ThrottlingException 429, and the
// provider's.
Task<Result<NativeEmbedding>> embed(BedrockRuntime& bedrock, Call& call, const ModelTarget& target,
                                    const inference::EmbeddingDialect& dialect, const NativeInput& input);

}  // namespace outcrop::bedrock_runtime
