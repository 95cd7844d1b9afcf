// BM25 ranking (S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", Foundations and Trends in
// Information Retrieval 3(4), 2009), with the inverse document frequency that never falls below zero, as Lucene has it. What
// counts as a document is the user's business: sentences, paragraphs, headings.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "inference/embedded/vocabulary.h"

namespace outcrop::embedded {

// The usual values (ibid., section 3.2: k1 between 1.2 and 2, b between 0.5 and 0.8).
inline constexpr double bm25_k1 = 1.5;
inline constexpr double bm25_b = 0.75;

struct WeightedTerm {
  TermId term = 0;
  double weight = 1;
};

class Bm25Index {
 public:
  // The next document. Its terms may come in any order.
  void add(std::span<const TermId> terms);
  // Once, after the last document.
  void finish(size_t vocabulary_size);

  size_t documents() const { return lengths_.size(); }
  double inverse_frequency(TermId term) const;
  // What a term counts that occurs nowhere.
  double inverse_frequency_of_unknown() const;
  // Adds `factor` times each document's score to `scores`, which has one place a document.
  void add_scores(std::span<const WeightedTerm> query, double factor, std::span<double> scores) const;

 private:
  struct Posting {
    uint32_t document, count;
  };
  std::span<const Posting> postings(TermId term) const;

  std::vector<std::pair<TermId, Posting>> added_;  // until finish()
  std::vector<Posting> postings_;                  // by term, documents rising
  std::vector<uint32_t> ends_;                     // of each term's postings
  std::vector<uint32_t> lengths_;                  // terms of each document
  uint64_t terms_ = 0;
};

}  // namespace outcrop::embedded
