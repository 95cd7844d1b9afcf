// The limits of Bedrock Runtime, each with its source.
#pragma once
#include <cstddef>
#include <cstdint>

namespace outcrop::bedrock_runtime::limits {

// Of a request: Bedrock's own bound of an InvokeModel body is 25,000,000 bytes (the model of its interface); documents and images of a
// conversation come in base64.
inline constexpr size_t request_bytes_max = 25'000'000;

// What is reserved for the answer of a model whose longest answer nobody has established. Ours: the longest of many models.
inline constexpr int64_t output_tokens_max_unknown = 4096;

}  // namespace outcrop::bedrock_runtime::limits
