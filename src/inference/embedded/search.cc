#include "inference/embedded/search.h"

#include <algorithm>

#include "inference/embedded/evidence.h"
#include "inference/embedded/limits.h"
#include "inference/embedded/statement.h"
#include "inference/embedded/stem.h"
#include "inference/embedded/synonyms.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

// What a term counts that stands not in the sentence but in its headings or in what introduces it.
constexpr double covered_around = 0.6;
// The same in a sentence that points to its heading: "This directory holds …".
constexpr double covered_pointing = 0.85;
// What each pair of the question's terms that stand together adds to a score, and how many words may stand between them.
constexpr double pair_bonus = 0.1;
constexpr size_t pair_distance_max = 2;
// What a related term counts in place of the question's own.
constexpr double covered_related = 0.8;
constexpr double related_weight = 0.6;
// What a term of the question weighs that the texts do not have, as a share of the rarest term's weight.
constexpr double unknown_weight = 0.85;
// Words of a question that weigh less are not missed in a text that does not have them: "many", "exist".
constexpr double missed_weight_min = 0.5;
// The share of a score that does not depend on coverage.
constexpr double uncovered_share = 0.4;
constexpr double instruction_weight = 0.8;
constexpr double preformed_weight = 0.55;
constexpr double changes_weight = 0.75;
constexpr double list_weight = 1.2;
constexpr double pointing_weight = 1.25;
// What is left of a coverage where a statement lacks the kind of thing that the question asks for.
constexpr double unlikely_number = 0.6, unlikely_count = 0.7, unlikely_person = 0.85;

// A term of the question with those related to it that the texts have.
struct Concept {
  double asked_weight = 1;
  double weight = 0;  // with its rarity
  std::optional<TermId> term;
  std::vector<TermId> related;

  void relate(TermId id) {
    if (term != id && std::ranges::find(related, id) == related.end()) related.push_back(id);
  }

  // A rare word that is only related must not count more than what was asked.
  double weight_of(const TextIndex& index, TermId related) const {
    double rarity = index.by_sentence().inverse_frequency(related);
    return rarity > 0 ? std::min(weight, asked_weight * rarity) / rarity : 0;
  }
};

struct Wanted {
  std::vector<Concept> concepts;
  double weight = 0;  // of all, those that the texts do not have included

  std::vector<WeightedTerm> terms;  // for BM25
};

// "user name" is "username", "file system" is "filesystem".
std::optional<TermId> joined(const TextIndex& index, const QuestionTerm& first, const QuestionTerm& second) {
  std::string word = first.term + second.term;
  stem(word);
  return index.vocabulary().find(word);
}

Concept read_concept(const TextIndex& index, const QuestionTerm& asked) {
  const Bm25Index& sentences = index.by_sentence();
  Concept wished{.asked_weight = asked.weight, .term = index.vocabulary().find(asked.term)};
  for (const std::string& term : related_terms(asked.term))
    if (auto id = index.vocabulary().find(term)) wished.relate(*id);
  double rarity = unknown_weight * sentences.inverse_frequency_of_unknown();
  if (wished.term)
    rarity = sentences.inverse_frequency(*wished.term);
  else
    for (TermId related : wished.related) rarity = std::min(rarity, sentences.inverse_frequency(related));
  wished.weight = asked.weight * rarity;
  bool missing = !wished.term && wished.related.empty();
  if (missing && asked.weight < missed_weight_min) wished.weight = 0;
  return wished;
}

Wanted read_wanted(const TextIndex& index, const Question& question) {
  Wanted wanted;
  for (size_t i = 0; i < question.terms.size(); ++i) {
    const QuestionTerm& asked = question.terms[i];
    Concept wished = read_concept(index, asked);
    for (size_t first = i == 0 ? 0 : i - 1; first <= i && first + 1 < question.terms.size(); ++first)
      if (auto whole = joined(index, question.terms[first], question.terms[first + 1])) wished.relate(*whole);
    if (wished.term) wanted.terms.push_back({*wished.term, asked.weight});
    for (TermId related : wished.related) wanted.terms.push_back({related, related_weight * wished.weight_of(index, related)});
    wanted.weight += wished.weight;
    wanted.concepts.push_back(std::move(wished));
  }
  return wanted;
}

class Covering {
 public:
  Covering(const TextIndex& index, const Wanted& wanted) : index_(index), wanted_(wanted) {}

  double of(Place place) const {
    if (wanted_.weight <= 0) return 0;
    double covered = 0;
    for (const Concept& each : wanted_.concepts) covered += each.weight * held(place, each);
    return covered / wanted_.weight;
  }

 private:
  double held(Place place, const Concept& wanted) const {
    double best = wanted.term ? held(place, *wanted.term) : 0;
    for (TermId related : wanted.related) best = std::max(best, covered_related * held(place, related));
    return best;
  }

  double held(Place place, TermId term) const {
    auto holds = [&](std::span<const TermId> terms) { return std::ranges::find(terms, term) != terms.end(); };
    if (holds(index_.terms_of(index_.position(place)))) return 1;
    uint32_t lead = index_.sentence(place).lead;
    if (holds(index_.heading_terms_of(place))) return points_back(index_.text_of(place)) ? covered_pointing : covered_around;
    bool around = held_beside(place, holds) || (lead != nothing && holds(index_.terms_of(index_.position({place.source, lead}))));
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

// How many neighbours of the question are neighbours in the sentence, in the question's order.
size_t pairs_kept(std::span<const Concept> concepts, std::span<const TermId> sentence) {
  size_t kept = 0;
  for (size_t i = 0; i + 1 < concepts.size(); ++i) {
    if (!concepts[i].term || !concepts[i + 1].term) continue;
    for (size_t at = 0; at < sentence.size(); ++at) {
      if (sentence[at] != *concepts[i].term) continue;
      std::span<const TermId> next = sentence.subspan(at + 1, std::min(pair_distance_max, sentence.size() - at - 1));
      if (std::ranges::find(next, *concepts[i + 1].term) == next.end()) continue;
      ++kept;
      break;
    }
  }
  return kept;
}

// A statement without a number hardly answers "how many", nor does one that counts something else.
double likelihood(const TextIndex& index, const Question& question, Place place) {
  bool wants = question.kind == QuestionKind::how_many || question.kind == QuestionKind::when || question.kind == QuestionKind::who;
  if (!wants) return 1;
  std::string_view whole = completed(index, place, question).in(index.sources()[place.source].text);
  if (!holds_asked(question, whole)) return question.kind == QuestionKind::who ? unlikely_person : unlikely_number;
  bool in_table = index.sentence(place).kind == SentenceKind::preformed;  // its head names what a number counts
  return question.counted.empty() || in_table || counts(question.counted, whole) ? 1 : unlikely_count;
}

// "This directory holds …" at the beginning of a section.
bool points_to_heading(const TextIndex& index, Place place) {
  const auto& sentences = index.outline_of(place.source).sentences;
  bool first = place.sentence > 0 && sentences[place.sentence - 1].kind == SentenceKind::heading;
  return first && points_back(index.text_of(place));
}

double weight_of_place(const TextIndex& index, const Question& question, Place place) {
  const Sentence& sentence = index.sentence(place);
  double weight = 1;
  if (index.sources()[place.source].kind == SourceKind::instruction) weight *= instruction_weight;
  if (sentence.kind == SentenceKind::preformed) weight *= preformed_weight;
  if (question.kind == QuestionKind::what && sentence.introduces) weight *= list_weight;
  if (points_to_heading(index, place)) weight *= pointing_weight;
  if (heads_changes(index.heading_of(place))) weight *= changes_weight;
  return weight;
}

// What the sentence itself lacks may stand in the rest of its statement.
double evidence_at(const TextIndex& index, const Question& question, Place place) {
  std::string_view sentence = index.text_of(place);
  Quote whole = statement(index, place);
  double own = evidence(question, sentence, index.sentence(place).indent);
  if (whole.end - whole.begin == sentence.size() || holds_asked(question, sentence)) return own;
  return std::max(own, (own + evidence(question, whole.in(index.sources()[place.source].text))) / 2);
}

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
  Wanted wanted = read_wanted(index, question);
  Covering covering(index, wanted);
  std::vector<double> scores = index.scores(wanted.terms);
  std::vector<Hit> hits;
  for (size_t i : best_positions(scores)) {
    Hit hit{.place = index.place(i)};
    hit.coverage = covering.of(hit.place) * likelihood(index, question, hit.place);
    hit.score = scores[i] * (uncovered_share + (1 - uncovered_share) * hit.coverage) * evidence_at(index, question, hit.place);
    hit.score *= 1 + pair_bonus * double(pairs_kept(wanted.concepts, index.terms_of(i)));
    hit.score *= weight_of_place(index, question, hit.place);
    hits.push_back(hit);
  }
  auto position = [&](const Hit& hit) { return index.position(hit.place); };
  std::ranges::sort(hits, [&](const Hit& a, const Hit& b) { return a.score != b.score ? a.score > b.score : position(a) < position(b); });
  return hits;
}

}  // namespace outcrop::embedded
