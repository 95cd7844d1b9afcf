#include "inference/embedded/search.h"

#include <algorithm>

#include "inference/embedded/evidence.h"
#include "inference/embedded/limits.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

// What a term counts that stands not in the sentence but in its headings or in what introduces it.
constexpr double covered_around = 0.6;
// The share of a score that does not depend on coverage.
constexpr double uncovered_share = 0.3;
constexpr double instruction_weight = 0.8;
constexpr double preformed_weight = 0.7;

struct Wanted {
  std::vector<WeightedTerm> known;
  double weight = 0;  // of all terms, those that the texts do not have included
};

Wanted wanted_terms(const TextIndex& index, const Question& question) {
  Wanted wanted;
  for (const QuestionTerm& term : question.terms) {
    auto id = index.vocabulary().find(term.term);
    double frequency = id ? index.by_sentence().inverse_frequency(*id) : index.by_sentence().inverse_frequency_of_unknown();
    wanted.weight += term.weight * frequency;
    if (id) wanted.known.push_back({*id, term.weight});
  }
  return wanted;
}

class Covering {
 public:
  Covering(const TextIndex& index, const Wanted& wanted) : index_(index), wanted_(wanted) {}

  double of(Place place) const {
    if (wanted_.weight <= 0) return 0;
    double covered = 0;
    for (const WeightedTerm& term : wanted_.known) covered += term.weight * index_.by_sentence().inverse_frequency(term.term) * held(place, term.term);
    return covered / wanted_.weight;
  }

 private:
  double held(Place place, TermId term) const {
    auto holds = [&](std::span<const TermId> terms) { return std::ranges::find(terms, term) != terms.end(); };
    if (holds(index_.terms_of(index_.position(place)))) return 1;
    uint32_t lead = index_.sentence(place).lead;
    bool around = holds(index_.heading_terms_of(place)) || (lead != nothing && holds(index_.terms_of(index_.position({place.source, lead})))) ||
                  held_beside(place, holds);
    return around ? covered_around : 0;
  }

  // In the sentence before or after, of the same paragraph.
  bool held_beside(Place place, const auto& holds) const {
    const auto& sentences = index_.outline_of(place.source).sentences;
    uint32_t paragraph = sentences[place.sentence].paragraph;
    auto beside = [&](uint32_t sentence) {
      return sentence < sentences.size() && sentences[sentence].paragraph == paragraph &&
             holds(index_.terms_of(index_.position({place.source, sentence})));
    };
    return beside(place.sentence - 1) || beside(place.sentence + 1);
  }

  const TextIndex& index_;
  const Wanted& wanted_;
};

// The positions with the highest scores above zero, best first, equals by position.
std::vector<size_t> best_positions(std::span<const double> scores) {
  std::vector<size_t> positions;
  for (size_t i = 0; i < scores.size(); ++i)
    if (scores[i] > 0) positions.push_back(i);
  size_t kept = std::min(positions.size(), candidates_max);
  auto better = [&](size_t a, size_t b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; };
  std::ranges::partial_sort(positions, positions.begin() + long(kept), better);
  positions.resize(kept);
  return positions;
}

}  // namespace

std::vector<Hit> search(const TextIndex& index, const Question& question) {
  Wanted wanted = wanted_terms(index, question);
  Covering covering(index, wanted);
  std::vector<double> scores = index.scores(wanted.known);
  std::vector<Hit> hits;
  for (size_t i : best_positions(scores)) {
    Hit hit{.place = index.place(i)};
    hit.coverage = covering.of(hit.place);
    hit.score = scores[i] * (uncovered_share + (1 - uncovered_share) * hit.coverage) * evidence(question, index.text_of(hit.place));
    if (index.sources()[hit.place.source].kind == SourceKind::instruction) hit.score *= instruction_weight;
    if (index.sentence(hit.place).kind == SentenceKind::preformed) hit.score *= preformed_weight;
    hits.push_back(hit);
  }
  auto position = [&](const Hit& hit) { return index.position(hit.place); };
  std::ranges::sort(hits, [&](const Hit& a, const Hit& b) { return a.score != b.score ? a.score > b.score : position(a) < position(b); });
  return hits;
}

}  // namespace outcrop::embedded
