#include "inference/embedded/phrases.h"

#include <algorithm>
#include <string>

#include "inference/embedded/exact_math.h"
#include "inference/embedded/limits.h"
#include "inference/embedded/tokens.h"
#include "inference/embedded/unicode.h"
#include "inference/embedded/vocabulary.h"

#pragma STDC FP_CONTRACT OFF

namespace outcrop::embedded {

namespace {

constexpr size_t phrase_words_max = 4;

struct WordRun {
  uint32_t begin = 0, end = 0;  // in the text
  std::vector<TermId> terms;
};

// Words hold together over one space, one hyphen or a line's end.
bool joins(std::string_view gap) {
  return gap == " " || gap == "-" || gap == "\n" ||
         (gap.starts_with("\n") && gap.find_first_not_of(" \n") == std::string_view::npos && gap.find('\n', 1) == std::string_view::npos);
}

std::vector<WordRun> runs(std::string_view text, Vocabulary& vocabulary) {
  std::vector<WordRun> found;
  WordRun run;
  auto close = [&] {
    if (!run.terms.empty() && run.terms.size() <= phrase_words_max) found.push_back(run);
    run = {};
  };
  for (TermScanner scanner(text); scanner.next();) {
    const Word& word = scanner.word();
    if (scanner.is_compound()) continue;
    bool counts = !scanner.is_stop_word() && word.kind != WordKind::number && (word.end - word.begin > 1);
    bool joined = !run.terms.empty() && joins(text.substr(run.end, word.begin - run.end));
    if (!joined || !counts) close();
    if (!counts) continue;
    if (run.terms.empty()) run.begin = word.begin;
    run.end = word.end;
    run.terms.push_back(vocabulary.add(scanner.term()));
  }
  close();
  return found;
}

std::string key_of(const WordRun& run) {
  std::string key;
  for (TermId term : run.terms) key.append(std::to_string(term)) += ' ';
  return key;
}

}  // namespace

std::vector<Phrase> key_phrases(std::string_view text, size_t count) {
  Vocabulary terms, phrases;
  std::vector<WordRun> all = runs(text, terms);
  std::vector<uint64_t> frequency(terms.size()), degree(terms.size());
  for (const WordRun& run : all) {
    for (TermId term : run.terms) {
      ++frequency[term];
      degree[term] += run.terms.size();
    }
  }
  std::vector<Phrase> found;
  for (const WordRun& run : all) {
    TermId id = phrases.add(key_of(run));
    if (id == found.size()) {
      found.push_back({.text = collapse_spaces(text.substr(run.begin, run.end - run.begin))});
      for (TermId term : run.terms) found[id].score += double(degree[term]) / double(frequency[term]);
    }
    ++found[id].count;
  }
  for (Phrase& phrase : found) phrase.score *= log2_ratio(phrase.count + 1, 1);
  size_t kept = std::min({count, phrases_max, found.size()});
  std::vector<size_t> order(found.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  auto better = [&](size_t a, size_t b) { return found[a].score != found[b].score ? found[a].score > found[b].score : a < b; };
  std::ranges::partial_sort(order, order.begin() + long(kept), better);
  std::vector<Phrase> best;
  for (size_t i = 0; i < kept; ++i) best.push_back(std::move(found[order[i]]));
  return best;
}

}  // namespace outcrop::embedded
