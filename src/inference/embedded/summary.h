// The sentences that stand for a text: TextRank (R. Mihalcea, P. Tarau, "TextRank: Bringing Order into Texts", EMNLP 2004) with the
// cosine similarity of LexRank (G. Erkan, D. Radev, JAIR 22, 2004). The graph of all pairs of sentences is never built: a step of
// the walk goes through the terms that sentences share, so that it costs as much as the text has words, and 200 pages are quick.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "inference/embedded/text_index.h"

namespace outcrop::embedded {

// How central each of `positions` (of the index's sentences) is among them; they sum to about 1.
std::vector<double> centrality(const TextIndex& index, std::span<const size_t> positions);

struct SummaryLength {
  size_t sentences = 3;
  size_t words = 0;  // at most so many, when not 0; at least one sentence is kept
};

// Positions of the sentences that summarise these sources, in the order of the text, none that repeats another.
std::vector<size_t> summarise(const TextIndex& index, std::span<const uint32_t> sources, SummaryLength length);

}  // namespace outcrop::embedded
