// Bounds on the native bodies of models, and what AWS says of them.
#pragma once
#include <cstddef>

namespace outcrop::inference {

// JSON values in one body: 16 MB of tree. Our own; a conversation of 20 MB, the most AWS takes, is mostly long strings.
inline constexpr size_t body_values_max = 1'000'000;
// Problems told of one body. Our own: nobody reads more.
inline constexpr size_t problems_max = 16;
// Texts in one call of Cohere Embed, and characters in each (Bedrock user guide, "Cohere Embed v3").
inline constexpr size_t cohere_embed_texts_max = 96;
inline constexpr size_t cohere_embed_characters_max = 2048;
// Characters of a text of Titan Embeddings (Bedrock user guide, "Amazon Titan Text Embeddings").
inline constexpr size_t titan_embed_characters_max = 50'000;

}  // namespace outcrop::inference
