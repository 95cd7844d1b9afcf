#include "inference/embedded/synonyms.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "inference/embedded/stem.h"

namespace outcrop::embedded {

namespace {

using Group = std::string_view;

// Each line is a group of words, by meaning.
constexpr auto groups = std::to_array<Group>({
    "store locate place put keep install live belong reside",
    "executable binary program command application",
    "tool utility program command",
    "remove delete erase purge",
    "lose loss lost",
    "machine computer host system",
    "allow permit may allowed",
    "forbid prohibit disallow",
    "require need necessary mandatory",
    "hold contain include comprise",
    "change modify edit alter",
    "make create produce generate build",
    "begin start launch",
    "end finish stop terminate",
    "buy purchase order",
    "price cost fee charge",
    "pay payment",
    "show display present",
    "big large size",
    "quick fast rapid speed",
    "mistake error fault bug problem",
    "fix repair correct",
    "help assist support",
    "author write writer",
    "choose select pick",
    "send submit transmit",
    "receive get obtain",
    "employee worker staff",
    "employer company firm business organization",
    "salary wage pay compensation",
    "phone telephone call",
    "house home residence",
    "car vehicle automobile",
    "doctor physician",
    "film movie",
    "book reserve booking reservation",
    "cancel revoke terminate",
    "folder directory",
    "picture image photo",
    "important essential crucial",
    "goal aim purpose objective",
    "meaning definition",
    "explain describe",
    "earlier previous prior former older",
    "later following subsequent newer",
    "least minimum",
    "most maximum",
    "found establish founded",
    "die death dead",
    "birth born",
    "marry wife husband spouse",
    "country nation state",
    "own owner property",
    "law legal",
    "answer reply response",
    "question query",
    "customer client user",
    "refund reimburse repay",
    "deliver ship delivery shipping shipment",
    "vacation holiday leave",
});

constexpr auto prefixes = std::to_array<std::string_view>({"sub", "non", "un", "re", "pre", "multi"});

std::vector<std::string> stems_of(Group group) {
  std::vector<std::string> stems;
  while (!group.empty()) {
    size_t end = std::min(group.find(' '), group.size());
    std::string word(group.substr(0, end));
    stem(word);
    stems.push_back(std::move(word));
    group.remove_prefix(std::min(end + 1, group.size()));
  }
  return stems;
}

// Pairs of a term and one related to it, sorted. A constant of the program, worked out when it is first needed.
using Pair = std::pair<std::string, std::string>;
const std::vector<Pair>& pairs() {
  static const std::vector<Pair> sorted = [] {
    std::vector<Pair> all;
    for (Group group : groups)
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
  for (std::string_view prefix : prefixes) related.push_back(std::string(prefix).append(term));
  return related;
}

}  // namespace outcrop::embedded
