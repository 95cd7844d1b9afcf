#include "inference/embedded/embedding.h"

#include <cmath>
#include <string>

#include "base/check.h"
#include "inference/embedded/exact_math.h"
#include "inference/embedded/limits.h"
#include "inference/embedded/tokens.h"
#include "inference/embedded/unicode.h"
#include "inference/embedded/vocabulary.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

// Weights in 1/256 of a word's. Parts of words let forms and misspellings meet; stop words say a little about style.
constexpr int64_t word_weight = 256, stop_word_weight = 24, pair_weight = 96, part_weight = 48;
constexpr size_t part_characters = 4;
constexpr uint64_t word_seed = 1, pair_seed = 2, part_seed = 3;

class FeatureCounter {
 public:
  void add(std::string_view feature, int64_t weight, uint64_t seed) {
    key_.assign(1, char('0' + seed)).append(feature);
    TermId id = features_.add(key_);
    if (id == counts_.size()) {
      counts_.push_back(0);
      weights_.push_back(weight);
    }
    ++counts_[id];
  }

  // Each feature with its weight times 1 + log2 of its count, on the dimension and with the sign its hash says.
  std::vector<int64_t> sums(size_t dimensions) const {
    std::vector<int64_t> sums(dimensions);
    for (TermId id = 0; id < counts_.size(); ++id) {
      uint64_t hash = hash_of(features_.term(id), part_seed + 1);
      int64_t weight = weights_[id] * int64_t(256 * (1 + log2_ratio(counts_[id], 1)));
      sums[(hash >> 1) % dimensions] += hash & 1 ? weight : -weight;
    }
    return sums;
  }

 private:
  Vocabulary features_;
  std::vector<uint64_t> counts_;
  std::vector<int64_t> weights_;
  std::string key_;
};

// "^package$" in pieces of four characters
void add_parts(FeatureCounter& features, std::string_view term) {
  std::string bounded = "^" + std::string(term) + "$";
  std::vector<size_t> starts;
  for (size_t at = 0; at < bounded.size(); at += character_at(bounded, at).bytes) starts.push_back(at);
  starts.push_back(bounded.size());
  for (size_t i = 0; i + part_characters < starts.size(); ++i)
    features.add(std::string_view(bounded).substr(starts[i], starts[i + part_characters] - starts[i]), part_weight, part_seed);
}

FeatureCounter features_of(std::string_view text) {
  FeatureCounter features;
  std::string before;
  for (TermScanner scanner(text); scanner.next();) {
    if (scanner.is_compound()) continue;
    features.add(scanner.term(), scanner.is_stop_word() ? stop_word_weight : word_weight, word_seed);
    if (scanner.is_stop_word()) continue;
    if (!before.empty()) features.add(before + " " + std::string(scanner.term()), pair_weight, pair_seed);
    add_parts(features, scanner.term());
    before = scanner.term();
  }
  return features;
}

}  // namespace

Result<std::vector<float>> embed(std::string_view text, size_t dimensions) {
  if (dimensions < 1 || dimensions > embedding_dimensions_max)
    return fail("ValidationException", 400, "The embedding has 1 to " + std::to_string(embedding_dimensions_max) + " dimensions.");
  if (text.size() > text_bytes_max) return fail("ValidationException", 400, "Input is too long for requested model.");
  std::vector<int64_t> sums = features_of(text).sums(dimensions);
  double square = 0;
  for (int64_t sum : sums) square += double(sum) * double(sum);
  std::vector<float> vector(dimensions);
  if (square == 0)
    vector[0] = 1;
  else
    for (size_t i = 0; i < dimensions; ++i) vector[i] = float(double(sums[i]) / std::sqrt(square));
  return vector;
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  check(a.size() == b.size(), "vectors of different dimensions");
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += double(a[i]) * double(b[i]);
  return sum;
}

}  // namespace outcrop::embedded
