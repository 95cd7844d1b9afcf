#include "inference/embedded/question.h"

#include <algorithm>
#include <array>
#include <span>

#include "inference/embedded/entities.h"
#include "inference/embedded/limits.h"
#include "inference/embedded/tokens.h"
#include "inference/embedded/unicode.h"
#include "inference/embedded/word_list.h"

namespace outcrop::embedded {

namespace {

using Words = std::span<const std::string_view>;

// Words that name the kind of answer and seldom occur in it, as terms. Each list is sorted.
constexpr auto words_of_time = std::to_array<std::string_view>({"dai", "date", "month", "time", "year"});
constexpr auto words_of_place =
    std::to_array<std::string_view>({"city", "countri", "directori", "file", "folder", "locat", "path", "place"});
constexpr auto words_of_amount =
    std::to_array<std::string_view>({"big", "far", "fast", "high", "larg", "long", "mani", "much", "often", "old", "tall"});
constexpr auto words_of_asking = std::to_array<std::string_view>(
    {"answer",   "defin", "definit", "describ", "exactli", "explain", "find",  "give",    "happen", "inform", "know",    "list",
     "question", "mean",  "name",    "reason",  "sai",     "show",    "stand", "summari", "tell",   "text",   "tell me", "exist"});
// Words that English uses so often, in any sense, that they say little of what is asked, however rare a text has them.
constexpr auto light_words = std::to_array<std::string_view>(
    {"able",      "actual",    "another",   "away",  "back",    "bad",    "become",     "begin",    "best",    "better",   "bring",
     "certain",   "come",      "different", "easy",  "enough",  "ever",   "everything", "exactly",  "example", "expect",   "fact",
     "feel",      "find",      "general",   "get",   "give",    "go",     "good",       "great",    "happen",  "hard",     "help",
     "idea",      "important", "instead",   "keep",  "kind",    "know",   "large",      "last",     "let",     "like",     "little",
     "long",      "look",      "lot",       "make",  "matter",  "mean",   "need",       "never",    "new",     "nice",     "nobody",
     "normal",    "nothing",   "now",       "okay",  "old",     "people", "person",     "possible", "quite",   "real",     "really",
     "right",     "say",       "see",       "seem",  "several", "show",   "simple",     "since",    "small",   "somebody", "someone",
     "something", "sometimes", "soon",      "sort",  "still",   "stuff",  "take",       "talk",     "tell",    "thing",    "think",
     "time",      "together",  "true",      "try",   "turn",    "two",    "usual",      "usually",  "want",    "way",      "well",
     "whole",     "work",      "world",     "worth", "wrong"});

constexpr auto auxiliaries = std::to_array<std::string_view>({"are", "can", "could", "did", "do", "does", "had", "has", "have", "is", "may",
                                                              "must", "shall", "should", "was", "were", "will", "would"});

constexpr double weight_of_asking = 0.2;
constexpr double weight_of_kind = 0.45;
constexpr double weight_of_attribute = 0.5;
constexpr double weight_of_light = 0.45;
constexpr double weight_of_part = 0.5;  // of "/usr/bin", beside the whole

// A verb and its particle that mean what one verb means.
struct PhrasalVerb {
  std::string_view verb, particle, term;
};
constexpr auto phrasal_verbs = std::to_array<PhrasalVerb>({{"look", "after", "maintain"},
                                                           {"look", "up", "search"},
                                                           {"get", "rid", "remov"},
                                                           {"throw", "away", "remov"},
                                                           {"work", "out", "calcul"},
                                                           {"find", "out", "determin"},
                                                           {"carri", "out", "perform"},
                                                           {"set", "up", "configur"},
                                                           {"shut", "down", "stop"},
                                                           {"turn", "off", "disabl"},
                                                           {"turn", "on", "enabl"},
                                                           {"switch", "off", "disabl"},
                                                           {"switch", "on", "enabl"},
                                                           {"give", "up", "abandon"},
                                                           {"leav", "out", "omit"},
                                                           {"fill", "in", "complet"},
                                                           {"hand", "out", "alloc"},
                                                           {"point", "out", "mention"},
                                                           {"put", "off", "delai"}});

struct AskedWord {
  std::string folded, term;
  std::string_view text;
  bool stop_word = false;
  bool part_of_compound = false;
};

std::vector<AskedWord> asked_words(std::string_view text) {
  std::vector<AskedWord> found;
  for (TermScanner scanner(text); scanner.next();) {
    std::string_view word = scanner.word().in(text);
    for (size_t i = found.size(); scanner.is_compound() && i > 0 && found[i - 1].text.data() >= word.data(); --i)
      found[i - 1].part_of_compound = true;
    found.push_back({fold_case(word), std::string(scanner.term()), word, scanner.is_stop_word()});
  }
  return found;
}

class QuestionReader {
 public:
  explicit QuestionReader(std::string_view text) : text_(text), words_(asked_words(text)) {
    for (size_t i = 0; i < words_.size(); ++i)
      if (std::string_view term = term_of_verb(i); !term.empty()) words_[i].folded = words_[i].term = term;
  }

  Question run() {
    Question question{.kind = kind()};
    for (size_t i = 0; i < words_.size() && question.terms.size() < question_terms_max; ++i) {
      const AskedWord& word = words_[i];
      if (word.stop_word || word.term.empty()) continue;
      if (std::ranges::find(question.terms, word.term, &QuestionTerm::term) != question.terms.end()) continue;
      question.terms.push_back({word.term, weight(i, question.kind)});
    }
    if (question.kind == QuestionKind::definition) question.acronym = acronym();
    if (question.kind == QuestionKind::how_many) question.counted = counted();
    question.asks_consequence = asks_consequence();
    for (const Entity& entity : entities(text_))
      if (entity.kind == EntityKind::quotation) question.quoted.emplace_back(entity.in(text_));
    return question;
  }

 private:
  std::string_view term_of_verb(size_t i) const {
    auto known = std::ranges::find_if(phrasal_verbs, [&](const PhrasalVerb& v) { return v.verb == term(i) && v.particle == word(i + 1); });
    return known != phrasal_verbs.end() ? known->term : std::string_view();
  }

  std::string_view word(size_t i) const { return i < words_.size() ? std::string_view(words_[i].folded) : std::string_view(); }
  std::string_view term(size_t i) const { return i < words_.size() ? std::string_view(words_[i].term) : std::string_view(); }

  QuestionKind kind() const {
    for (size_t i = 0; i < words_.size(); ++i) {
      std::string_view asked = word(i);
      if (asked == "who" || asked == "whom" || asked == "whose") return QuestionKind::who;
      if (asked == "when") return i == 0 || !contains(auxiliaries, word(0)) ? when_or_condition(i) : QuestionKind::yes_no;
      if (asked == "where") return QuestionKind::where;
      if (asked == "why") return QuestionKind::why;
      if (asked == "how") return contains(words_of_amount, term_or_word(i + 1)) ? QuestionKind::how_many : QuestionKind::how;
      if (asked == "what" || asked == "which") return kind_of_what(i);
      if (i == 0 && (asked == "define" || asked == "definition")) return QuestionKind::definition;
      if (i == 0 && contains(auxiliaries, asked)) return QuestionKind::yes_no;
    }
    return QuestionKind::other;
  }

  // "when" asks for a time only where it leads the question; in its middle it begins a condition.
  QuestionKind when_or_condition(size_t i) const { return i == 0 ? QuestionKind::when : QuestionKind::other; }

  // "many" and "much" are stop words and so have no stem.
  std::string_view term_or_word(size_t i) const { return i < words_.size() && words_[i].stop_word ? word(i) : term(i); }

  QuestionKind kind_of_what(size_t i) const {
    std::string_view next = term(i + 1);
    if (contains(words_of_time, next)) return QuestionKind::when;
    if (contains(words_of_place, next)) return QuestionKind::where;
    if (next == "number" || next == "percentag" || next == "price") return QuestionKind::how_many;
    if (next == "person" || next == "author") return QuestionKind::who;
    if (next == "reason") return QuestionKind::why;
    bool copula = word(i + 1) == "is" || word(i + 1) == "are" || word(i + 1) == "was" || word(i + 1) == "were";
    bool means =
        std::ranges::any_of(words_, [](const AskedWord& w) { return w.term == "mean" || w.term == "stand" || w.term == "definit"; });
    return word(i) == "what" && (copula || means) ? QuestionKind::definition : QuestionKind::what;
  }

  double weight(size_t i, QuestionKind kind) const {
    const std::string& term = words_[i].term;
    bool kind_of = (term == "sort" || term == "kind" || term == "type") && word(i + 1) == "of";
    if (contains(words_of_asking, term) || word(i) == "called" || kind_of) return weight_of_asking;
    bool of_kind = (kind == QuestionKind::when && contains(words_of_time, term)) ||
                   (kind == QuestionKind::where && contains(words_of_place, term)) ||
                   (kind == QuestionKind::how_many && (contains(words_of_amount, term) || term == "number"));
    if (of_kind) return weight_of_kind;
    if (kind == QuestionKind::definition && is_attribute(i)) return weight_of_attribute;
    if (contains(light_words, words_[i].folded)) return weight_of_light;
    return words_[i].part_of_compound ? weight_of_part : 1;
  }

  // "the epoch of a version number" is about the epoch.
  bool is_attribute(size_t i) const {
    for (size_t k = 3; k < i; ++k)
      if (word(k) == "of" || word(k) == "in" || word(k) == "for" || word(k) == "that") return true;
    return false;
  }

  // Of "how many of the open bugs" the first word that says something.
  std::string counted() const {
    size_t i = 0;
    while (i < words_.size() && word(i) != "many") ++i;
    while (i < words_.size() && (words_[i].stop_word || word(i) == "many")) ++i;
    return std::string(term(i));
  }

  // "What happens when …", "What if …"
  bool asks_consequence() const {
    for (size_t i = 0; i + 1 < words_.size(); ++i)
      if (word(i) == "what" && (term(i + 1) == "happen" || word(i + 1) == "if")) return true;
    return false;
  }

  std::string acronym() const {
    for (size_t i = 1; i < words_.size(); ++i) {
      std::string_view text = words_[i].text;
      bool capitals = text.size() >= 2 && text.size() <= 8 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
      if (capitals) return std::string(text);
    }
    return {};
  }

  std::string_view text_;
  std::vector<AskedWord> words_;
};

}  // namespace

Question read_question(std::string_view text) { return QuestionReader(text.substr(0, question_bytes_max)).run(); }

}  // namespace outcrop::embedded
