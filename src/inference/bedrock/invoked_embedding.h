// Embeddings in the native bodies of InvokeModel, of the families that have dialects here: Amazon Titan Text Embeddings, of which each
// request embeds one text, and Cohere Embed, which takes them together.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "inference/provider.h"

namespace outcrop::inference {

// One body for each request that is to be sent, in the order of the texts. Fault: ValidationException 400 for another family.
Result<std::vector<std::string>> embedding_bodies(const EmbeddingRequest& request);

// Appends the vectors of an answer to one of them, which are to be `count`, and the tokens it names. Fault: ModelErrorException 424.
Result<void> read_embedding_answer(std::string_view answer, size_t count, Embeddings& out);

}  // namespace outcrop::inference
