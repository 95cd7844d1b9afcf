#include "inference/embedded/synonyms.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "inference/embedded/stem.h"
#include "inference/embedded/synonym_groups.h"

namespace outcrop::embedded {

namespace {

// What stems keep of endings: "announc" and "announcem" are of one family, so are "specif" and "specifi". Sorted by length.
constexpr auto endings = std::to_array<std::string_view>(
    {"", "e", "i", "al", "er", "ic", "or", "abl", "ant", "ent", "ibl", "ion", "ist", "ition", "ation", "ator", "ment", "nes", "ship"});
constexpr size_t family_stem_min = 4;

constexpr auto prefixes = std::to_array<std::string_view>({"sub", "non", "un", "re", "pre", "multi"});

std::vector<std::string_view> parts(std::string_view text, char separator) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    size_t end = std::min(text.find(separator), text.size());
    found.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

std::vector<std::string> stems_of(std::string_view group) {
  std::vector<std::string> stems;
  for (std::string_view word : parts(group, ' ')) stem(stems.emplace_back(word));
  return stems;
}

// Pairs of a term and one related to it, sorted. A constant of the program, worked out when it is first needed.
using Pair = std::pair<std::string, std::string>;
const std::vector<Pair>& pairs() {
  static const std::vector<Pair> sorted = [] {
    std::vector<Pair> all;
    for (std::string_view group : parts(synonym_groups, '|'))
      for (const std::vector<std::string> stems = stems_of(group); const std::string& a : stems)
        for (const std::string& b : stems)
          if (a != b) all.emplace_back(a, b);
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }();
  return sorted;
}

}  // namespace

std::vector<std::string> related_terms(std::string_view term) {
  std::vector<std::string> related;
  auto of_term = std::ranges::equal_range(pairs(), term, std::less<>(), [](const Pair& pair) { return std::string_view(pair.first); });
  for (const Pair& pair : of_term) related.push_back(pair.second);
  bool plain = term.size() >= 4 && std::ranges::all_of(term, [](char c) { return c >= 'a' && c <= 'z'; });
  if (!plain) return related;
  for (std::string_view ending : endings) {
    if (!term.ends_with(ending) || term.size() < ending.size() + family_stem_min) continue;
    std::string_view root = term.substr(0, term.size() - ending.size());
    for (std::string_view other : endings)
      if (other != ending) related.push_back(std::string(root).append(other));
  }
  for (std::string_view prefix : prefixes) related.push_back(std::string(prefix).append(term));
  return related;
}

}  // namespace outcrop::embedded
