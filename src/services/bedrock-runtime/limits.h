// The limits of Bedrock Runtime, each with its source.
#pragma once
#include <cstdint>

namespace outcrop::bedrock_runtime::limits {

// What is reserved for the answer of a model whose longest answer nobody has established. Ours: the longest of many models.
inline constexpr int64_t output_tokens_max_unknown = 4096;

}  // namespace outcrop::bedrock_runtime::limits
