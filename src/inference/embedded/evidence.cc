#include "inference/embedded/evidence.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/encoding.h"
#include "inference/embedded/entities.h"
#include "inference/embedded/stem.h"
#include "inference/embedded/tokens.h"
#include "inference/embedded/unicode.h"
#include "inference/embedded/word_list.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

// Factors, tuned on the development questions.
constexpr double holds_date = 1.5, lacks_date = 0.75;
constexpr double holds_number = 1.35, lacks_number = 0.8;
constexpr double holds_name = 1.25, lacks_name = 0.9;
constexpr double holds_place = 1.1, tells_placing = 1.15, holds_count = 1.6;
constexpr double gives_reason = 1.3;
constexpr double tells_way = 1.1;
constexpr double rules = 1.15;
constexpr double defines = 2;
constexpr double quotes_asked = 1.5;
constexpr double subject_leads = 1.15;
constexpr size_t leading_terms = 2;
constexpr size_t number_distance_max = 3;  // words from a number to what it counts: "two or more stanzas"
constexpr double is_a_question = 0.5, only_refers = 0.65, says_little = 0.7;
constexpr size_t terms_of_a_statement_min = 3, terms_of_a_fragment_max = 6;
constexpr size_t subject_terms_more = 1;  // "The canonical home directory" is still about the home directory

constexpr auto reasons = std::to_array<std::string_view>({"because", "since", "so that", "in order to", "therefore", "reason", "due to",
                                                          "to avoid", "to prevent", "to ensure", "to allow", "as this", "this is to",
                                                          "otherwise", "causes", "prevents", "makes it", "would"});
constexpr auto ways = std::to_array<std::string_view>({"by", "use", "using", "with", "via", "through", "run", "should be", "must be"});
constexpr auto norms = std::to_array<std::string_view>({"must",      "may",        "should", "can",   "cannot",   "not",     "never",
                                                        "only",      "always",     "shall",  "no",    "required", "allowed", "permitted",
                                                        "forbidden", "guaranteed", "need",   "needs", "have to",  "has to"});
constexpr auto placings = std::to_array<std::string_view>(
    {"located in", "located at", "placed in", "placed under", "installed in", "installed into", "installed under", "stored in", "kept in",
     "put in", "found in", "lives in", "reside in", "available in", "available at", "be in", "in the file", "in the directory"});
constexpr auto copulas = std::to_array<std::string_view>({"is", "are", "was", "were"});
constexpr auto articles = std::to_array<std::string_view>({"a", "an", "the", "one", "any", "all", "those", "defined", "known", "called"});
constexpr auto defining_verbs = std::to_array<std::string_view>({"means", "refers", "denotes", "describes", "identifies", "stands"});
constexpr auto pointing_words =
    std::to_array<std::string_view>({"he", "it", "its", "she", "such", "that", "their", "these", "they", "this", "those"});
constexpr auto continuing = std::to_array<std::string_view>(
    {"if this", "if that", "if it", "if so", "if not", "in this", "in that", "in such", "otherwise", "then", "thus", "therefore", "so"});
constexpr auto names_of_changes = std::to_array<std::string_view>({"changelog", "changes", "news"});
constexpr auto referring = std::to_array<std::string_view>(
    {"see", "please see", "see also", "for more information", "for further details", "for details", "for example"});

bool holds_phrase(std::string_view spaced_lower_case, std::span<const std::string_view> phrases) {
  return std::ranges::any_of(
      phrases, [&](std::string_view phrase) { return spaced_lower_case.find(" " + std::string(phrase) + " ") != std::string_view::npos; });
}

// The words in lower case with one space between and around them.
std::string spaced_words(std::string_view sentence) {
  std::string spaced = " ";
  for (const Word& word : words(sentence)) spaced.append(fold_case(word.in(sentence))) += ' ';
  return spaced;
}

bool asks_about(const Question& question, std::string_view term) {
  return std::ranges::find(question.terms, term, &QuestionTerm::term) != question.terms.end();
}

// Something of that kind that the question does not name itself.
bool holds_new(const Question& question, std::string_view sentence, std::span<const Entity> found, std::span<const EntityKind> kinds) {
  return std::ranges::any_of(found, [&](const Entity& entity) {
    if (std::ranges::find(kinds, entity.kind) == kinds.end()) return false;
    return std::ranges::none_of(terms(entity.in(sentence)), [&](const std::string& term) { return asks_about(question, term); });
  });
}

// Whether a line ends in the gap and the next is set deeper than the sentence's first: what stands before it is a term of a list
// of definitions.
bool sets_term_apart(std::string_view gap, uint32_t indent) {
  size_t line = gap.rfind('\n');
  return line != std::string_view::npos && gap.size() - line - 1 > indent;
}

bool opens_definition(std::string_view verb, std::string_view next) {
  if (std::ranges::find(defining_verbs, verb) != defining_verbs.end()) return true;
  return std::ranges::find(copulas, verb) != copulas.end() && std::ranges::find(articles, next) != articles.end();
}

// "X is a …", "X means …", "X (…)", or X on a line of its own with its description below, where X is what the question asks
// about. Of "the epoch of a version number" that is the epoch.
bool defines_subject(const Question& question, std::string_view sentence, uint32_t indent) {
  if (question.terms.empty()) return false;
  std::vector<Word> all = words(sentence);
  size_t subject_terms = 0, asked = 0;
  bool focus = false;
  for (size_t i = 0; i < all.size() && subject_terms <= asked + subject_terms_more; ++i) {
    std::string_view gap = i == 0 ? std::string_view() : sentence.substr(all[i - 1].end, all[i].begin - all[i - 1].end);
    std::string word = fold_case(all[i].in(sentence));
    std::string next = i + 1 < all.size() ? fold_case(all[i + 1].in(sentence)) : std::string();
    if (sets_term_apart(gap, indent) || gap == " (" || opens_definition(word, next)) return focus;
    for (const std::string& term : terms(word)) {
      ++subject_terms;
      asked += asks_about(question, term);
      focus |= term == question.terms.front().term;
    }
  }
  return false;
}

double evidence_of_kind(const Question& question, std::string_view sentence, uint32_t indent, std::string_view spaced) {
  bool held = holds_asked(question, sentence);
  switch (question.kind) {
    case QuestionKind::when:
      return held ? holds_date : lacks_date;
    case QuestionKind::how_many:
      return counts(question.counted, sentence) ? holds_count : held ? holds_number : lacks_number;
    case QuestionKind::who:
      return held ? holds_name : lacks_name;
    case QuestionKind::where:
      return (held ? holds_place : 1) * (holds_phrase(spaced, placings) ? tells_placing : 1);
    case QuestionKind::why:
      return holds_phrase(spaced, reasons) ? gives_reason : 1;
    case QuestionKind::how:
      return holds_phrase(spaced, ways) ? tells_way : 1;
    case QuestionKind::yes_no:
      return holds_phrase(spaced, norms) ? rules : 1;
    case QuestionKind::definition:
      return defines_subject(question, sentence, indent) || spells_out(question.acronym, sentence) ? defines : 1;
    default:
      return 1;
  }
}

// Whether the first terms of the sentence are those of the question: "The backslash is used to …".
bool leads_with_subject(const Question& question, std::string_view sentence) {
  if (question.terms.empty()) return false;
  TermScanner scanner(sentence);
  for (size_t seen = 0; seen < leading_terms && scanner.next();) {
    if (scanner.is_stop_word()) continue;
    if (scanner.term() == question.terms.front().term) return true;
    ++seen;
  }
  return false;
}

double evidence_of_quotations(const Question& question, std::string_view sentence) {
  bool quotes = std::ranges::any_of(question.quoted,
                                    [&](const std::string& quoted) { return sentence.find('"' + quoted + '"') != std::string_view::npos; });
  return quotes ? quotes_asked : 1;
}

double evidence_of_form(std::string_view sentence, std::string_view spaced) {
  bool refers =
      std::ranges::any_of(referring, [&](std::string_view opening) { return spaced.substr(1).starts_with(std::string(opening) + " "); });
  double factor = refers ? only_refers : 1;
  if (sentence.ends_with('?')) factor *= is_a_question;
  size_t count = terms(sentence).size();
  bool stated = std::string_view(".!?:;)\"'").find(sentence.back()) != std::string_view::npos || uint8_t(sentence.back()) >= 0x80;
  if (count < terms_of_a_statement_min || (!stated && count < terms_of_a_fragment_max)) factor *= says_little;
  return factor;
}

}  // namespace

bool points_back(std::string_view sentence) {
  auto first = WordScanner(sentence).next();
  return first && std::ranges::binary_search(pointing_words, ascii_lower(first->in(sentence)));
}

bool goes_on_from(std::string_view sentence) {
  std::string spaced = spaced_words(sentence.substr(0, std::min<size_t>(sentence.size(), 80)));
  return points_back(sentence) || std::ranges::any_of(continuing, [&](std::string_view opening) {
           return spaced.substr(1).starts_with(std::string(opening) + " ");
         });
}

bool spells_out(std::string_view acronym, std::string_view sentence) {
  if (acronym.empty()) return false;
  size_t matched = 0;
  for (const Word& word : words(sentence)) {
    std::string_view letters = word.in(sentence);
    bool capitalised = letters[0] >= 'A' && letters[0] <= 'Z' && letters.size() > 1 && !(letters[1] >= 'A' && letters[1] <= 'Z');
    if (!capitalised) continue;
    if (letters[0] != acronym[matched]) matched = 0;
    matched += letters[0] == acronym[matched];
    if (matched == acronym.size()) return true;
  }
  return false;
}

bool holds_asked(const Question& question, std::string_view text) {
  auto holds = [&](std::initializer_list<EntityKind> kinds) {
    return holds_new(question, text, entities(text), std::span(kinds.begin(), kinds.size()));
  };
  switch (question.kind) {
    case QuestionKind::when:
      return holds({EntityKind::date, EntityKind::time});
    case QuestionKind::how_many:
      return holds({EntityKind::number, EntityKind::amount});
    case QuestionKind::who:
      return holds({EntityKind::name, EntityKind::email});
    case QuestionKind::where:
      return holds({EntityKind::path, EntityKind::url, EntityKind::name});
    default:
      return true;
  }
}

bool counts(std::string_view counted, std::string_view text) {
  if (counted.empty()) return false;
  size_t since = number_distance_max + 1;
  for (const Word& word : words(text)) {
    std::string folded = fold_case(word.in(text));
    if (word.kind == WordKind::number || !plain_number(folded).empty()) {
      since = 0;
      continue;
    }
    if (++since <= number_distance_max)
      if (stem(folded); folded == counted) return true;
  }
  return false;
}

bool heads_changes(std::string_view heading) {
  bool after_name = false;
  for (const Word& word : words(heading)) {
    std::string folded = fold_case(word.in(heading));
    if (word.kind == WordKind::number && after_name) return true;
    if (contains(names_of_changes, folded)) return true;
    after_name = folded == "version" || folded == "release" || folded == "v";
    if (word.kind != WordKind::number && !after_name) return false;
  }
  return false;
}

double evidence(const Question& question, std::string_view sentence, uint32_t indent) {
  std::string spaced = spaced_words(sentence);
  return evidence_of_kind(question, sentence, indent, spaced) * evidence_of_form(sentence, spaced) *
         evidence_of_quotations(question, sentence) * (leads_with_subject(question, sentence) ? subject_leads : 1);
}

}  // namespace outcrop::embedded
