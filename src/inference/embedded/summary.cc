#include "inference/embedded/summary.h"

#include <algorithm>
#include <cmath>

#include "inference/embedded/limits.h"
#include "inference/embedded/tokens.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

constexpr double damping = 0.85;       // of PageRank, which TextRank keeps
constexpr int steps = 20;              // the ranks' order stands long before
constexpr double repeats_above = 0.6;  // cosine of two sentences that say the same
constexpr size_t words_of_a_statement_min = 5;

struct Weight {
  TermId term;
  double weight;
};

// The sentences as unit vectors over terms.
class TermMatrix {
 public:
  TermMatrix(const TextIndex& index, std::span<const size_t> positions) : through_terms_(index.vocabulary().size()) {
    for (size_t position : positions) add_row(index, position);
  }

  size_t rows() const { return ends_.size(); }
  std::span<const Weight> row(size_t i) const {
    size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::span(weights_).subspan(begin, ends_[i] - begin);
  }

  // Σ_j similarity(i, j) · values[j] over j ≠ i, for each i.
  std::vector<double> similar(std::span<const double> values) {
    std::ranges::fill(through_terms_, 0.0);
    for (size_t i = 0; i < rows(); ++i)
      for (const Weight& each : row(i)) through_terms_[each.term] += each.weight * values[i];
    std::vector<double> sums(rows());
    for (size_t i = 0; i < rows(); ++i) {
      for (const Weight& each : row(i)) sums[i] += each.weight * through_terms_[each.term];
      if (!row(i).empty()) sums[i] = std::max(0.0, sums[i] - values[i]);  // a sentence's similarity to itself is 1
    }
    return sums;
  }

  double similarity(size_t a, size_t b) const {
    double sum = 0;
    auto left = row(a), right = row(b);
    for (size_t i = 0, k = 0; i < left.size() && k < right.size();) {
      if (left[i].term == right[k].term)
        sum += left[i++].weight * right[k++].weight;
      else if (left[i].term < right[k].term)
        ++i;
      else
        ++k;
    }
    return sum;
  }

 private:
  void add_row(const TextIndex& index, size_t position) {
    std::span<const TermId> all = index.terms_of(position);
    std::vector<TermId> terms(all.begin(), all.end());
    std::ranges::sort(terms);
    size_t first = weights_.size();
    double square = 0;
    for (size_t i = 0; i < terms.size();) {
      size_t count = 1;
      while (i + count < terms.size() && terms[i + count] == terms[i]) ++count;
      double weight = double(count) * index.by_sentence().inverse_frequency(terms[i]);
      weights_.push_back({terms[i], weight});
      square += weight * weight;
      i += count;
    }
    for (size_t i = first; i < weights_.size() && square > 0; ++i) weights_[i].weight /= std::sqrt(square);
    ends_.push_back(weights_.size());
  }

  std::vector<Weight> weights_;
  std::vector<size_t> ends_;
  std::vector<double> through_terms_;
};

std::vector<double> walk(TermMatrix& matrix) {
  size_t n = matrix.rows();
  std::vector<double> degrees = matrix.similar(std::vector<double>(n, 1.0));
  std::vector<double> ranks(n, n == 0 ? 0 : 1.0 / double(n)), shares(n);
  for (int step = 0; step < steps; ++step) {
    for (size_t i = 0; i < n; ++i) shares[i] = degrees[i] > 0 ? ranks[i] / degrees[i] : 0;
    std::vector<double> received = matrix.similar(shares);
    for (size_t i = 0; i < n; ++i) ranks[i] = (1 - damping) / double(n) + damping * received[i];
  }
  return ranks;
}

bool is_statement(const TextIndex& index, size_t position) {
  Place place = index.place(position);
  std::string_view text = index.text_of(place);
  SentenceKind kind = index.sentence(place).kind;
  bool ends = text.ends_with('.') || text.ends_with('!') || text.ends_with("。") || text.ends_with(".\"") || text.ends_with(".)");
  return (kind == SentenceKind::prose || kind == SentenceKind::item) && ends && words(text).size() >= words_of_a_statement_min;
}

// Statements; where the text has none, every sentence that is no heading.
std::vector<size_t> summarisable(const TextIndex& index, std::span<const uint32_t> sources) {
  std::vector<size_t> all, statements;
  for (uint32_t source : sources) {
    for (uint32_t i = 0; i < index.outline_of(source).sentences.size(); ++i) {
      size_t position = index.position({source, i});
      if (index.sentence({source, i}).kind == SentenceKind::heading) continue;
      all.push_back(position);
      if (is_statement(index, position)) statements.push_back(position);
    }
  }
  return statements.empty() ? all : statements;
}

}  // namespace

std::vector<double> centrality(const TextIndex& index, std::span<const size_t> positions) {
  TermMatrix matrix(index, positions);
  return walk(matrix);
}

std::vector<size_t> summarise(const TextIndex& index, std::span<const uint32_t> sources, SummaryLength length) {
  std::vector<size_t> positions = summarisable(index, sources);
  TermMatrix matrix(index, positions);
  std::vector<double> ranks = walk(matrix);
  std::vector<size_t> order(positions.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, [&](size_t a, size_t b) { return ranks[a] != ranks[b] ? ranks[a] > ranks[b] : a < b; });

  std::vector<size_t> chosen;
  size_t words_left = length.words;
  for (size_t candidate : order) {
    if (chosen.size() >= std::min(length.sentences, summary_sentences_max)) break;
    if (std::ranges::any_of(chosen, [&](size_t other) { return matrix.similarity(candidate, other) > repeats_above; })) continue;
    size_t count = length.words == 0 ? 0 : words(index.text_of(index.place(positions[candidate]))).size();
    if (count > words_left && !chosen.empty()) continue;
    words_left -= std::min(count, words_left);
    chosen.push_back(candidate);
    if (length.words > 0 && words_left == 0) break;
  }
  std::ranges::sort(chosen);
  for (size_t& each : chosen) each = positions[each];
  return chosen;
}

}  // namespace outcrop::embedded
