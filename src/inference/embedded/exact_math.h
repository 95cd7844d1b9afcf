// Arithmetic that gives the same bits on every machine: a logarithm by integers, because the C library's differ in their last
// digit, and a last digit can decide which sentence is quoted. Files that weigh things with doubles also forbid the compiler
// to fuse a multiplication with an addition.
#pragma once
#include <cstdint>

namespace outcrop::embedded {

// The binary logarithm of numerator / denominator, both positive and below 2^32, to 16 binary places.
double log2_ratio(uint64_t numerator, uint64_t denominator);

}  // namespace outcrop::embedded
