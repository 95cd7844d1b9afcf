// The limits of upstreams that are Bedrock, each with its source.
#pragma once
#include <cstddef>

namespace outcrop::inference::limits {

// A whole answer. Bedrock's own bodies end at 25,000,000 bytes (Bedrock Runtime API reference, InvokeModel).
inline constexpr size_t upstream_answer_bytes_max = 25'000'000;
// What is read of an error, and how much of its words is passed on. Ours.
inline constexpr size_t upstream_error_bytes_max = 64 << 10;
inline constexpr size_t upstream_error_words_max = 1'000;

}  // namespace outcrop::inference::limits
