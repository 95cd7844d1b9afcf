#include "inference/embedded/statement.h"

#include "inference/embedded/evidence.h"
#include "inference/embedded/limits.h"

namespace outcrop::embedded {

namespace {

// Bytes between a term and what its description says of it, or a table's head and a row, within which both are quoted.
constexpr uint32_t term_distance_max = 400;

bool led_by(const std::vector<Sentence>& sentences, size_t i, uint32_t lead) {
  while (sentences[i].lead != nothing && sentences[i].lead > lead) i = sentences[i].lead;
  return sentences[i].lead == lead;
}

uint32_t end_of_list(const std::vector<Sentence>& sentences, uint32_t lead) {
  uint32_t end = sentences[lead].end;
  size_t items = 0;
  for (size_t i = lead + 1; i < sentences.size() && items < quoted_items_max && led_by(sentences, i, lead); ++i) {
    if (items > 0 && sentences[i].end - sentences[lead].begin > quoted_list_bytes_max) break;
    end = sentences[i].end;
    items += sentences[i].kind == SentenceKind::item;
  }
  return end;
}

}  // namespace

Quote completed(const TextIndex& index, Place place, const Question& question) {
  Quote whole = statement(index, place);
  std::string_view text = index.sources()[place.source].text;
  if (holds_asked(question, whole.in(text)) && !question.asks_consequence) return whole;
  const auto& sentences = index.outline_of(place.source).sentences;
  uint32_t next = place.sentence + 1;
  bool follows =
      next < sentences.size() && sentences[next].section == sentences[place.sentence].section && whole.end <= sentences[next].begin;
  if (!follows) return whole;
  if (question.asks_consequence && !goes_on_from(sentences[next].in(text))) return whole;
  Quote both{place.source, whole.begin, sentences[next].end};
  return holds_asked(question, both.in(text)) ? both : whole;
}

Quote statement(const TextIndex& index, Place place) {
  const auto& sentences = index.outline_of(place.source).sentences;
  const Sentence& sentence = sentences[place.sentence];
  Quote quote{place.source, sentence.begin, sentence.end};
  auto beside = [&](uint32_t other) { return other < sentences.size() && sentences[other].paragraph == sentence.paragraph; };
  auto points = [&](uint32_t other) { return points_back(index.text_of({place.source, other})); };
  if (beside(place.sentence - 1) && points(place.sentence)) quote.begin = sentences[place.sentence - 1].begin;
  bool described = beside(sentence.lead) || (sentence.kind == SentenceKind::preformed && sentence.lead != nothing);
  if (described && sentence.begin - sentences[sentence.lead].begin <= term_distance_max) quote.begin = sentences[sentence.lead].begin;
  uint32_t lead = place.sentence;
  if (beside(lead + 1) && sentences[lead + 1].introduces && points(lead + 1)) ++lead;
  if (sentences[lead].introduces) quote.end = end_of_list(sentences, lead);
  // "The field is:" goes on in the lines below it, set in or not.
  bool goes_on = sentences[lead].introduces && quote.end == sentences[lead].end && lead + 1 < sentences.size() &&
                 sentences[lead + 1].section == sentence.section;
  if (goes_on) quote.end = sentences[lead + 1].end;
  return quote;
}

}  // namespace outcrop::embedded
