#include "inference/embedded/stem.h"

#include <algorithm>
#include <array>
#include <span>

namespace outcrop::embedded {

namespace {

struct Rule {
  std::string_view suffix, replacement;
};

// The word while its suffixes are stripped, with Porter's measures of what stands before a suffix.
class Stemmer {
 public:
  explicit Stemmer(std::string& word) : word_(word) {}

  void run() {
    plurals();
    past_and_progressive();
    if (word_.ends_with('y') && has_vowel(word_.size() - 1)) word_.back() = 'i';
    replace_first(step_2, 0);
    replace_first(step_3, 0);
    strip_first();
    final_e();
  }

 private:
  static constexpr auto step_2 = std::to_array<Rule>(
      {{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"},   {"izer", "ize"},    {"abli", "able"},
       {"alli", "al"},     {"entli", "ent"},   {"eli", "e"},     {"ousli", "ous"},   {"ization", "ize"}, {"isation", "ize"},
       {"ation", "ate"},   {"ator", "ate"},    {"alism", "al"},  {"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"},
       {"aliti", "al"},    {"iviti", "ive"},   {"biliti", "ble"}});
  static constexpr auto step_3 = std::to_array<Rule>(
      {{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"alise", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""}});
  static constexpr auto step_4 =
      std::to_array<std::string_view>({"al",  "ance", "ence", "er",  "ic",  "able", "ible", "ant", "ement", "ment",
                                       "ent", "ion",  "ou",   "ism", "ate", "iti",  "ous",  "ive", "ize",   "ise"});

  bool is_consonant(size_t i) const {
    switch (word_[i]) {
      case 'a':
      case 'e':
      case 'i':
      case 'o':
      case 'u':
        return false;
      case 'y':
        return i == 0 || !is_consonant_before(i);
      default:
        return true;
    }
  }
  // Whether the letter before word_[i] is a consonant; a run of y's alternates, without recursion.
  bool is_consonant_before(size_t i) const {
    size_t first = i - 1;
    while (first > 0 && word_[first] == 'y') --first;
    bool consonant = word_[first] == 'y' || is_consonant(first);
    for (size_t k = first + 1; k < i; ++k) consonant = !consonant;
    return consonant;
  }
  // How often a vowel is followed by a consonant in the first `size` letters.
  int measure(size_t size) const {
    int sequences = 0;
    bool after_vowel = false;
    for (size_t i = 0; i < size; ++i) {
      bool consonant = is_consonant(i);
      sequences += consonant && after_vowel;
      after_vowel = !consonant;
    }
    return sequences;
  }
  bool has_vowel(size_t size) const {
    for (size_t i = 0; i < size; ++i)
      if (!is_consonant(i)) return true;
    return false;
  }
  bool ends_in_double_consonant() const {
    size_t n = word_.size();
    return n >= 2 && word_[n - 1] == word_[n - 2] && is_consonant(n - 1);
  }
  // consonant, vowel, consonant other than w, x and y: "hop", "fil"
  bool ends_short(size_t size) const {
    if (size < 3 || !is_consonant(size - 1) || is_consonant(size - 2) || !is_consonant(size - 3)) return false;
    char last = word_[size - 1];
    return last != 'w' && last != 'x' && last != 'y';
  }
  void cut(size_t letters) { word_.resize(word_.size() - letters); }

  void plurals() {
    if (word_.ends_with("sses") || word_.ends_with("ies"))
      cut(2);
    else if (word_.ends_with('s') && !word_.ends_with("ss") && !word_.ends_with("us"))
      cut(1);
  }

  void past_and_progressive() {
    if (word_.ends_with("eed")) {
      if (measure(word_.size() - 3) > 0) cut(1);
      return;
    }
    size_t suffix = word_.ends_with("ed") ? 2 : word_.ends_with("ing") ? 3 : 0;
    if (suffix == 0 || !has_vowel(word_.size() - suffix)) return;
    cut(suffix);
    if (word_.ends_with("at") || word_.ends_with("bl") || word_.ends_with("iz"))
      word_ += 'e';
    else if (ends_in_double_consonant() && !word_.ends_with('l') && !word_.ends_with('s') && !word_.ends_with('z'))
      cut(1);
    else if (measure(word_.size()) == 1 && ends_short(word_.size()))
      word_ += 'e';
  }

  void replace_first(std::span<const Rule> rules, int measure_above) {
    for (const Rule& rule : rules) {
      if (!word_.ends_with(rule.suffix)) continue;
      size_t rest = word_.size() - rule.suffix.size();
      if (measure(rest) > measure_above) word_.replace(rest, std::string::npos, rule.replacement);
      return;
    }
  }

  void strip_first() {
    std::string_view longest;
    for (std::string_view suffix : step_4)
      if (word_.ends_with(suffix) && suffix.size() > longest.size()) longest = suffix;
    size_t rest = word_.size() - longest.size();
    if (longest.empty() || measure(rest) <= 1) return;
    if (longest == "ion" && word_[rest - 1] != 's' && word_[rest - 1] != 't') return;
    word_.resize(rest);
  }

  void final_e() {
    if (word_.ends_with('e')) {
      int before = measure(word_.size() - 1);
      if (before > 1 || (before == 1 && !ends_short(word_.size() - 1))) cut(1);
    }
    if (word_.ends_with("ll") && measure(word_.size()) > 1) cut(1);
  }

  std::string& word_;
};

// Irregular English forms and British spellings with the base form, sorted.
constexpr auto irregular_forms = std::to_array<Rule>({{"began", "begin"},      {"begun", "begin"},       {"behaviour", "behavior"},
                                                      {"bought", "buy"},       {"broken", "break"},      {"brought", "bring"},
                                                      {"built", "build"},      {"catalogue", "catalog"}, {"caught", "catch"},
                                                      {"centre", "center"},    {"children", "child"},    {"chose", "choose"},
                                                      {"chosen", "choose"},    {"colour", "color"},      {"criteria", "criterion"},
                                                      {"dealt", "deal"},       {"drawn", "draw"},        {"drew", "draw"},
                                                      {"driven", "drive"},     {"drove", "drive"},       {"dying", "die"},
                                                      {"favour", "favor"},     {"fed", "feed"},          {"feet", "foot"},
                                                      {"fell", "fall"},        {"felt", "feel"},         {"forgot", "forget"},
                                                      {"forgotten", "forget"}, {"fought", "fight"},      {"found", "find"},
                                                      {"gave", "give"},        {"given", "give"},        {"gone", "go"},
                                                      {"grew", "grow"},        {"grown", "grow"},        {"heard", "hear"},
                                                      {"held", "hold"},        {"indices", "index"},     {"kept", "keep"},
                                                      {"knew", "know"},        {"known", "know"},        {"laid", "lay"},
                                                      {"led", "lead"},         {"left", "leave"},        {"lent", "lend"},
                                                      {"licence", "license"},  {"lost", "lose"},         {"lying", "lie"},
                                                      {"made", "make"},        {"matrices", "matrix"},   {"meant", "mean"},
                                                      {"men", "man"},          {"met", "meet"},          {"mice", "mouse"},
                                                      {"paid", "pay"},         {"people", "person"},     {"programme", "program"},
                                                      {"ran", "run"},          {"risen", "rise"},        {"rose", "rise"},
                                                      {"said", "say"},         {"sang", "sing"},         {"sent", "send"},
                                                      {"shown", "show"},       {"sold", "sell"},         {"sought", "seek"},
                                                      {"spent", "spend"},      {"spoke", "speak"},       {"spoken", "speak"},
                                                      {"stood", "stand"},      {"swam", "swim"},         {"taken", "take"},
                                                      {"taught", "teach"},     {"teeth", "tooth"},       {"thought", "think"},
                                                      {"threw", "throw"},      {"thrown", "throw"},      {"told", "tell"},
                                                      {"took", "take"},        {"tying", "tie"},         {"understood", "understand"},
                                                      {"went", "go"},          {"women", "woman"},       {"won", "win"},
                                                      {"wore", "wear"},        {"worn", "wear"},         {"written", "write"},
                                                      {"wrote", "write"}});
static_assert(std::ranges::is_sorted(irregular_forms, {}, &Rule::suffix));

// Sorted.
constexpr auto stop_words = std::to_array<std::string_view>(
    {"a",     "about",      "above", "after",  "again",     "against", "all",     "almost",  "along",   "already", "also",    "although",
     "am",    "among",      "an",    "and",    "another",   "any",     "are",     "as",      "at",      "au",      "aus",     "avec",
     "be",    "because",    "been",  "before", "being",     "below",   "between", "both",    "but",     "by",      "can",     "cannot",
     "con",   "could",      "dans",  "das",    "de",        "dei",     "del",     "dem",     "den",     "der",     "des",     "did",
     "die",   "do",         "does",  "doing",  "done",      "dont",    "down",    "du",      "during",  "e",       "each",    "een",
     "ein",   "eine",       "einem", "einen",  "einer",     "either",  "el",      "en",      "er",      "es",      "et",      "etc",
     "even",  "every",      "few",   "for",    "from",      "further", "für",     "g",       "had",     "has",     "have",    "having",
     "he",    "her",        "here",  "hers",   "him",       "his",     "how",     "however", "http",    "https",   "i",       "if",
     "il",    "im",         "in",    "into",   "is",        "ist",     "it",      "its",     "itself",  "just",    "kann",    "la",
     "las",   "le",         "les",   "lo",     "los",       "may",     "me",      "might",   "mit",     "more",    "most",    "much",
     "must",  "my",         "nicht", "no",     "nor",       "not",     "o",       "of",      "off",     "on",      "once",    "one",
     "only",  "or",         "os",    "other",  "otherwise", "our",     "out",     "over",    "own",     "par",     "para",    "pas",
     "per",   "please",     "por",   "pour",   "qu",        "que",     "qui",     "s",       "same",    "shall",   "she",     "should",
     "sich",  "sie",        "since", "so",     "some",      "such",    "sur",     "t",       "than",    "that",    "the",     "their",
     "them",  "themselves", "then",  "there",  "therefore", "these",   "they",    "this",    "those",   "through", "thus",    "to",
     "too",   "um",         "un",    "una",    "und",       "under",   "une",     "uno",     "until",   "up",      "upon",    "us",
     "van",   "very",       "via",   "von",    "was",       "we",      "were",    "what",    "when",    "where",   "whether", "which",
     "while", "who",        "whom",  "whose",  "why",       "will",    "with",    "within",  "without", "would",   "y",       "yet",
     "you",   "your",       "yours", "zu",     "zum",       "zur",     "à",       "é"});
static_assert(std::ranges::is_sorted(stop_words));

}  // namespace

void stem(std::string& word) {
  if (word.size() < 3 || !std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; })) return;
  auto irregular = std::ranges::lower_bound(irregular_forms, word, {}, &Rule::suffix);
  if (irregular != irregular_forms.end() && irregular->suffix == word) word = irregular->replacement;
  Stemmer(word).run();
}

bool is_stop_word(std::string_view word) { return std::ranges::binary_search(stop_words, word); }

}  // namespace outcrop::embedded
