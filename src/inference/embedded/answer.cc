#include "inference/embedded/answer.h"

#include <algorithm>
#include <set>

#include "inference/embedded/entities.h"
#include "inference/embedded/evidence.h"
#include "inference/embedded/limits.h"
#include "inference/embedded/phrases.h"
#include "inference/embedded/search.h"
#include "inference/embedded/summary.h"
#include "inference/embedded/tokens.h"
#include "inference/embedded/unicode.h"
#include "inference/embedded/wording.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

constexpr size_t quotes_max = 3;
// A second sentence is quoted when it scores at least this share of the first.
constexpr double score_share_min = 0.55;
constexpr size_t summary_sentences_default = 3;
constexpr size_t phrases_default = 10;

Answer in_own_words(Task task, std::string_view text) { return {.task = task, .parts = {{.text = std::string(text), .quote = {}}}}; }

// Texts that are summarised and extracted from: what the message brings, else the documents, else the conversation.
std::vector<uint32_t> subject_sources(const TextIndex& index) {
  for (SourceKind kind : {SourceKind::material, SourceKind::document, SourceKind::message}) {
    std::vector<uint32_t> found;
    for (uint32_t i = 0; i < index.sources().size(); ++i)
      if (index.sources()[i].kind == kind) found.push_back(i);
    if (!found.empty()) return found;
  }
  return {};
}

class Composer {
 public:
  Composer(const TextIndex& index, const Request& request) : index_(index), request_(request) {}

  Answer question() {
    if (index_.sentences() == 0) return in_own_words(Task::question, wording::no_text);
    std::vector<Hit> hits = search(index_, read_question(request_.instruction));
    Answer answer{.task = Task::question, .coverage = best_coverage(hits)};
    std::erase_if(hits, [](const Hit& hit) { return hit.coverage < coverage_min; });
    if (hits.empty()) {
      answer.parts.push_back({.text = wording::nothing_found(answer.coverage), .quote = {}});
      return answer;
    }
    answer.found = true;
    add_quotes(answer, chosen_quotes(hits));
    return answer;
  }

  Answer summary() {
    std::vector<uint32_t> sources = subject_sources(index_);
    SummaryLength length{.sentences = summary_sentences_default};
    if (request_.unit == Unit::words && request_.count > 0) length = {.sentences = summary_sentences_max, .words = request_.count};
    if ((request_.unit == Unit::sentences || request_.unit == Unit::bullets) && request_.count > 0) length.sentences = request_.count;
    Answer answer{.task = Task::summarise};
    bool bullets = request_.unit == Unit::bullets;
    for (size_t position : summarise(index_, sources, length)) {
      Place place = index_.place(position);
      const Sentence& sentence = index_.sentence(place);
      if (bullets || !answer.parts.empty()) add_words(answer, bullets ? (answer.parts.empty() ? "- " : "\n- ") : " ");
      add_quote(answer, {place.source, sentence.begin, sentence.end});
    }
    if (answer.parts.empty()) return in_own_words(Task::summarise, wording::nothing_to_summarise);
    answer.found = true;
    return answer;
  }

  Answer phrases() {
    std::string text;
    for (uint32_t source : subject_sources(index_)) text.append(index_.sources()[source].text) += "\n\n";
    Answer answer{.task = Task::key_phrases};
    for (const Phrase& phrase : key_phrases(text, request_.count > 0 ? request_.count : phrases_default))
      add_words(answer, (answer.parts.empty() ? "" : "\n") + phrase.text);
    if (answer.parts.empty()) return in_own_words(Task::key_phrases, wording::no_text);
    answer.found = true;
    return answer;
  }

  Answer extraction() {
    Answer answer{.task = Task::extract};
    std::set<std::string, std::less<>> seen;
    for (uint32_t source : subject_sources(index_)) {
      std::string_view text = index_.sources()[source].text;
      for (const Entity& entity : entities(text)) {
        bool wanted = std::ranges::find(request_.wanted, entity.kind) != request_.wanted.end();
        if (!wanted || !seen.insert(collapse_spaces(entity.in(text))).second) continue;
        if (!answer.parts.empty()) add_words(answer, "\n");
        add_quote(answer, {source, entity.begin, entity.end});
      }
    }
    if (answer.parts.empty()) return in_own_words(Task::extract, wording::nothing_to_extract);
    answer.found = true;
    return answer;
  }

 private:
  static double best_coverage(std::span<const Hit> hits) {
    double best = 0;
    for (const Hit& hit : hits) best = std::max(best, hit.coverage);
    return best;
  }

  static void add_words(Answer& answer, std::string text) { answer.parts.push_back({.text = std::move(text), .quote = {}}); }
  void add_quote(Answer& answer, Quote quote) const {
    std::string_view text = index_.sources()[quote.source].text;
    answer.parts.push_back({.text = std::string(text.substr(quote.begin, quote.end - quote.begin)), .quote = quote});
  }

  std::vector<Place> chosen_places(std::span<const Hit> hits) const {
    std::vector<Place> chosen;
    std::set<std::string, std::less<>> said;
    for (const Hit& hit : hits) {
      if (chosen.size() == quotes_max || hit.score < score_share_min * hits.front().score) break;
      if (said.insert(collapse_spaces(index_.text_of(hit.place))).second) chosen.push_back(hit.place);
    }
    return chosen;
  }

  std::vector<std::pair<Place, Quote>> chosen_quotes(std::span<const Hit> hits) const {
    std::vector<std::pair<Place, Quote>> quotes;
    for (Place place : chosen_places(hits)) {
      Quote quote = whole_statement(place);
      bool overlaps = std::ranges::any_of(quotes, [&](const auto& other) {
        return other.second.source == quote.source && other.second.begin < quote.end && quote.begin < other.second.end;
      });
      if (!overlaps) quotes.push_back({place, quote});
    }
    return quotes;
  }

  // The sentence, with the one before it when it points there, and with the list that it introduces.
  Quote whole_statement(Place place) const {
    const auto& sentences = index_.outline_of(place.source).sentences;
    const Sentence& sentence = sentences[place.sentence];
    Quote quote{place.source, sentence.begin, sentence.end};
    bool follows = place.sentence > 0 && sentences[place.sentence - 1].paragraph == sentence.paragraph;
    if (follows && points_back(index_.text_of(place))) quote.begin = sentences[place.sentence - 1].begin;
    uint32_t lead = place.sentence;
    bool goes_on = lead + 1 < sentences.size() && sentences[lead + 1].paragraph == sentence.paragraph;
    if (goes_on && introduces({place.source, lead + 1}) && points_back(index_.text_of({place.source, lead + 1}))) ++lead;
    if (introduces({place.source, lead})) quote.end = end_of_list(sentences, lead);
    return quote;
  }

  bool introduces(Place place) const { return index_.text_of(place).ends_with(':'); }

  static uint32_t end_of_list(const std::vector<Sentence>& sentences, uint32_t lead) {
    uint32_t end = sentences[lead].end;
    size_t items = 0;
    for (size_t i = lead + 1; i < sentences.size() && items < quoted_items_max && led_by(sentences, i, lead); ++i) {
      end = sentences[i].end;
      items += sentences[i].kind == SentenceKind::item;
    }
    return end;
  }

  static bool led_by(const std::vector<Sentence>& sentences, size_t i, uint32_t lead) {
    while (sentences[i].lead != nothing && sentences[i].lead > lead) i = sentences[i].lead;
    return sentences[i].lead == lead;
  }

  // Each quote with where it stands, once for neighbours of one place.
  void add_quotes(Answer& answer, const std::vector<std::pair<Place, Quote>>& quotes) const {
    for (size_t i = 0; i < quotes.size(); ++i) {
      if (i > 0) add_words(answer, "\n\n");
      add_quote(answer, quotes[i].second);
      std::string reference = reference_to(quotes[i].first);
      bool repeated = i + 1 < quotes.size() && reference_to(quotes[i + 1].first) == reference;
      if (!reference.empty() && !repeated) add_words(answer, "\n(" + reference + ")");
    }
  }

  // "policy.txt, 1.6. Translations"
  std::string reference_to(Place place) const {
    const Source& source = index_.sources()[place.source];
    const Section& section = index_.outline_of(place.source).sections[index_.sentence(place).section];
    std::string reference(source.name);
    std::string heading = collapse_spaces(section.in(source.text));
    if (!reference.empty() && !heading.empty()) reference += ", ";
    return reference + heading;
  }

  const TextIndex& index_;
  const Request& request_;
};

}  // namespace

std::string Answer::text() const {
  std::string text;
  for (const AnswerPart& part : parts) text += part.text;
  return text;
}

std::vector<Source> with_material(std::vector<Source> sources, const Request& request) {
  for (std::string_view text : request.material) sources.push_back({.name = {}, .text = text, .kind = SourceKind::material});
  return sources;
}

Answer answer(const TextIndex& index, const Request& request) {
  Composer composer(index, request);
  switch (request.task) {
    case Task::question:
      return composer.question();
    case Task::summarise:
      return composer.summary();
    case Task::key_phrases:
      return composer.phrases();
    case Task::extract:
      return composer.extraction();
    case Task::compose:
      return in_own_words(Task::compose, wording::cannot_compose);
    case Task::small_talk:
      break;
  }
  return in_own_words(Task::small_talk, wording::introduction);
}

Result<Answer> answer(std::vector<Source> sources, std::string_view message) {
  if (message.size() > text_bytes_max) return fail("ValidationException", 400, "Input is too long for requested model.");
  Request request = read_request(message);
  Result<TextIndex> index = TextIndex::build(with_material(std::move(sources), request));
  if (!index) return fail(index.error());
  return answer(*index, request);
}

std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> found;
  size_t begin = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    if (!is_blank(text[i]) || is_blank(text[i - 1])) continue;
    found.emplace_back(text.substr(begin, i - begin));
    begin = i;
  }
  if (begin < text.size()) found.emplace_back(text.substr(begin));
  return found;
}

}  // namespace outcrop::embedded
