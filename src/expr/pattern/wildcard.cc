#include "expr/pattern/wildcard.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "expr/limits.h"

namespace outcrop::expr {

// The wildcards of a field as one tree of their beginnings, quotes included, as AWS's engine builds it. A node is a byte
// or an asterisk behind the node before it.
class WildcardTree {
 public:
  void add(const Wildcard& wildcard, size_t alternative) {
    uint32_t at = step(root, '"', alternative);
    for (size_t i = 0; i < wildcard.parts_.size(); ++i) {
      if (i > 0) at = step(at, asterisk, alternative);
      for (char byte : wildcard.parts_[i]) at = step(at, uint8_t(byte), alternative);
    }
    step(at, '"', alternative);
  }

  // Walks all sets of nodes that some value reaches, until one is too large.
  bool exceeds(size_t complexity_max, size_t sets_max) const {
    std::set<std::vector<uint32_t>> seen = {{root}};
    std::vector<std::vector<uint32_t>> pending = {{root}};
    while (!pending.empty()) {
      std::map<int, std::set<uint32_t>> successors = successors_of(pending.back());
      pending.pop_back();
      for (auto& [byte, nodes] : successors) {
        std::vector<uint32_t> reached(nodes.begin(), nodes.end());
        if (weight(reached) > complexity_max) return true;
        if (seen.size() > sets_max) return true;
        if (seen.insert(reached).second) pending.push_back(std::move(reached));
      }
    }
    return false;
  }

 private:
  static constexpr int asterisk = -1, any_other_byte = -2;
  static constexpr uint32_t root = 0;
  struct Node {
    std::map<int, uint32_t> next = {};
    std::set<size_t> alternatives = {};  // that go through it
    bool is_asterisk = false;
  };

  uint32_t step(uint32_t from, int symbol, size_t alternative) {
    auto [next, is_new] = nodes_[from].next.try_emplace(symbol, uint32_t(nodes_.size()));
    const uint32_t node = next->second;
    if (is_new) nodes_.push_back({.is_asterisk = symbol == asterisk});
    nodes_[node].alternatives.insert(alternative);
    return node;
  }

  void reach(uint32_t node, std::set<uint32_t>& nodes) const {
    nodes.insert(node);
    auto star = nodes_[node].next.find(asterisk);  // which may stand for nothing
    if (star != nodes_[node].next.end()) nodes.insert(star->second);
  }

  // By the byte that leads there. Bytes that no node of the set asks for are all alike.
  std::map<int, std::set<uint32_t>> successors_of(const std::vector<uint32_t>& from) const {
    std::map<int, std::set<uint32_t>> successors;
    std::set<uint32_t> stay;
    for (uint32_t node : from) {
      if (nodes_[node].is_asterisk) stay.insert(node);
      for (auto [symbol, next] : nodes_[node].next)
        if (symbol != asterisk) reach(next, successors[symbol]);
    }
    if (!stay.empty()) successors[any_other_byte];
    for (auto& [byte, nodes] : successors) nodes.insert(stay.begin(), stay.end());
    return successors;
  }

  size_t weight(const std::vector<uint32_t>& nodes) const {
    size_t sum = 0;
    for (uint32_t node : nodes) sum += nodes_[node].alternatives.size();
    return sum;
  }

  std::vector<Node> nodes_ = std::vector<Node>(1);
};

// Positions in the errors count the quote before the text, as AWS's do.
std::expected<Wildcard, std::string> Wildcard::parse(std::string_view text) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '"';
    if (text[i] == '*') {
      if (next == '*') return std::unexpected(fmt::format("Consecutive wildcard characters at pos {}", i + 1));
      parts.emplace_back();
    } else if (text[i] == '\\') {
      if (next != '*' && next != '\\') return std::unexpected(fmt::format("Invalid escape character at pos {}", i + 1));
      parts.back() += next;
      ++i;
    } else {
      parts.back() += text[i];
    }
  }
  return Wildcard(std::move(parts));
}

bool Wildcard::matches(std::string_view text) const {
  if (parts_.size() == 1) return text == parts_.front();
  const std::string_view last = parts_.back();
  if (!text.starts_with(parts_.front())) return false;
  text.remove_prefix(parts_.front().size());
  if (!text.ends_with(last)) return false;
  text.remove_suffix(last.size());
  for (size_t i = 1; i + 1 < parts_.size(); ++i) {
    const size_t found = text.find(parts_[i]);
    if (found == text.npos) return false;
    text.remove_prefix(found + parts_[i].size());
  }
  return true;
}

bool too_complex(std::span<const std::vector<const Wildcard*>> alternatives) {
  WildcardTree tree;
  for (size_t i = 0; i < alternatives.size(); ++i)
    for (const Wildcard* wildcard : alternatives[i]) tree.add(*wildcard, i);
  return tree.exceeds(limits::wildcard_complexity_max, limits::wildcard_sets_max);
}

}  // namespace outcrop::expr
