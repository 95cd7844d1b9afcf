// A text as a vector: its words, pairs of words and parts of words, each hashed to a dimension with a sign (K. Weinberger et al.,
// "Feature Hashing for Large Scale Multitask Learning", ICML 2009), weighted by how often they occur, of length 1. Texts that
// share words and stems lie close; there is no knowledge of meaning. Sums are whole numbers, so that every machine gives the
// same bits.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace outcrop::embedded {

// `dimensions` from 1 to embedding_dimensions_max; a text without words gives the vector of one in the first dimension.
Result<std::vector<float>> embed(std::string_view text, size_t dimensions);

// Of vectors of length 1.
double cosine(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace outcrop::embedded
