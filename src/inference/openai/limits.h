// The limits of model servers, each with its source.
#pragma once
#include <cstddef>

#include "base/time.h"

namespace outcrop::inference::limits {

// A whole answer: the longest of any model are some 100,000 tokens, which are less than 1 MiB. An event of a stream holds one piece of it,
// or a tool call that is sent whole. Embeddings are numbers as text: 96 texts of 4,096 numbers are 8 MiB.
inline constexpr size_t model_answer_bytes_max = 16 << 20;
inline constexpr size_t model_event_bytes_max = 1 << 20;
// What is read of an answer that tells of an error, and how much of its words is passed on.
inline constexpr size_t model_error_bytes_max = 64 << 10;
inline constexpr size_t model_error_words_max = 1'000;

}  // namespace outcrop::inference::limits
