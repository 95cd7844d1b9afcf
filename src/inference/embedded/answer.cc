#include "inference/embedded/answer.h"

#include <algorithm>
#include <set>

#include "inference/embedded/entities.h"
#include "inference/embedded/evidence.h"
#include "inference/embedded/limits.h"
#include "inference/embedded/phrases.h"
#include "inference/embedded/search.h"
#include "inference/embedded/statement.h"
#include "inference/embedded/summary.h"
#include "inference/embedded/tokens.h"
#include "inference/embedded/unicode.h"
#include "inference/embedded/wording.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

constexpr size_t quotes_max = 3;
// Sentences that are looked at for them.
constexpr size_t quoted_hits_max = 5;
// A second sentence is quoted when it scores at least this share of the first.
constexpr double score_share_min = 0.48;
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
    Question question = read_question(request_.instruction);
    std::vector<Hit> hits = search(index_, question);
    Answer answer{.task = Task::question, .coverage = best_coverage(hits)};
    std::erase_if(hits, [](const Hit& hit) { return hit.coverage < coverage_min; });
    if (hits.empty()) {
      answer.parts.push_back({.text = wording::nothing_found(answer.coverage), .quote = {}});
      return answer;
    }
    answer.found = true;
    add_quotes(answer, chosen_quotes(question, hits));
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

  struct Chosen {
    Place place;
    Quote quote;
  };

  std::vector<Chosen> chosen_quotes(const Question& question, std::span<const Hit> hits) const {
    std::vector<Chosen> chosen;
    std::set<std::string, std::less<>> said;
    for (const Hit& hit : hits.first(std::min(hits.size(), quoted_hits_max))) {
      if (hit.score < score_share_min * hits.front().score) break;
      if (said.insert(collapse_spaces(index_.text_of(hit.place))).second)
        choose(chosen, {hit.place, completed(index_, hit.place, question)});
    }
    return chosen;
  }

  // Sentences that follow one another make one quote, at the place of the best.
  void choose(std::vector<Chosen>& chosen, const Chosen& next) const {
    auto first = std::ranges::find_if(chosen, [&](const Chosen& other) { return joins(other.quote, next.quote); });
    if (first == chosen.end()) {
      if (chosen.size() < quotes_max) chosen.push_back(next);
      return;
    }
    Quote& quote = first->quote = united(first->quote, next.quote);
    for (auto other = first + 1; other != chosen.end();) {
      bool reached = joins(quote, other->quote);
      if (reached) quote = united(quote, other->quote);
      other = reached ? chosen.erase(other) : other + 1;
    }
  }

  // Whether they overlap, or nothing but white space stands between them in one paragraph.
  bool joins(const Quote& a, const Quote& b) const {
    if (a.source != b.source) return false;
    uint32_t end = std::min(a.end, b.end), begin = std::max(a.begin, b.begin);
    if (begin <= end) return true;
    std::string_view gap = index_.sources()[a.source].text.substr(end, begin - end);
    return std::ranges::all_of(gap, is_blank) && std::ranges::count(gap, '\n') <= 1;
  }
  static Quote united(const Quote& a, const Quote& b) { return {a.source, std::min(a.begin, b.begin), std::max(a.end, b.end)}; }

  // Each quote with where it stands, once for neighbours of one place.
  void add_quotes(Answer& answer, const std::vector<Chosen>& quotes) const {
    for (size_t i = 0; i < quotes.size(); ++i) {
      if (i > 0) add_words(answer, "\n\n");
      add_quote(answer, quotes[i].quote);
      std::string reference = reference_to(quotes[i].place);
      bool repeated = i + 1 < quotes.size() && reference_to(quotes[i + 1].place) == reference;
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
