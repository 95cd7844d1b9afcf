#include "inference/embedded/bm25.h"

#include <algorithm>

#include "base/check.h"
#include "inference/embedded/exact_math.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

// ln(1 + (N - n + 0.5) / (n + 0.5)) up to a constant factor, which ranking does not see.
double inverse_document_frequency(uint64_t documents, uint64_t containing) { return log2_ratio(2 * documents + 2, 2 * containing + 1); }

}  // namespace

void Bm25Index::add(std::span<const TermId> terms) {
  check(ends_.empty(), "a finished index takes no more documents");
  uint32_t document = uint32_t(lengths_.size());
  size_t first = added_.size();
  for (TermId term : terms) added_.push_back({term, {document, 1}});
  std::ranges::sort(added_.begin() + long(first), added_.end(), {}, [](const auto& added) { return added.first; });
  size_t kept = first;
  for (size_t i = first; i < added_.size(); ++i) {
    if (kept > first && added_[kept - 1].first == added_[i].first)
      ++added_[kept - 1].second.count;
    else
      added_[kept++] = added_[i];
  }
  added_.resize(kept);
  lengths_.push_back(uint32_t(terms.size()));
  terms_ += terms.size();
}

void Bm25Index::finish(size_t vocabulary_size) {
  ends_.assign(vocabulary_size + 1, 0);
  for (const auto& [term, posting] : added_) ++ends_[term + 1];
  for (size_t term = 1; term <= vocabulary_size; ++term) ends_[term] += ends_[term - 1];
  postings_.resize(added_.size());
  // Each term's place moves from where it begins to where it ends.
  for (const auto& [term, posting] : added_) postings_[ends_[term]++] = posting;
  added_ = {};
}

std::span<const Bm25Index::Posting> Bm25Index::postings(TermId term) const {
  if (term + 1 >= ends_.size()) return {};
  uint32_t begin = term == 0 ? 0 : ends_[term - 1];
  return std::span(postings_).subspan(begin, ends_[term] - begin);
}

double Bm25Index::inverse_frequency(TermId term) const { return inverse_document_frequency(documents(), postings(term).size()); }

double Bm25Index::inverse_frequency_of_unknown() const { return inverse_document_frequency(documents(), 0); }

void Bm25Index::add_scores(std::span<const WeightedTerm> query, double factor, std::span<double> scores) const {
  if (terms_ == 0) return;
  double average = double(terms_) / double(documents());
  for (const WeightedTerm& wanted : query) {
    double weight = factor * wanted.weight * inverse_frequency(wanted.term);
    for (const Posting& posting : postings(wanted.term)) {
      double saturation = bm25_k1 * (1 - bm25_b + bm25_b * (double(lengths_[posting.document]) / average));
      double count = double(posting.count);
      scores[posting.document] += weight * (count * (bm25_k1 + 1) / (count + saturation));
    }
  }
}

}  // namespace outcrop::embedded
