// Embeddings in the dialect of POST /v1/embeddings.
#pragma once
#include <string>
#include <string_view>

#include "inference/provider.h"

namespace outcrop::inference {

std::string embedding_request(const EmbeddingRequest& request, std::string_view served_model);

// The answer to it: vectors in the order of the texts. Faults with ModelErrorException 424 when it holds other than one for each text.
Result<Embeddings> read_embeddings(std::string_view answer, const EmbeddingRequest& request);

}  // namespace outcrop::inference
