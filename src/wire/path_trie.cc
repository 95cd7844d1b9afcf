// The trie of path templates.
#include "wire/path_trie.h"

#include <algorithm>
#include <map>

namespace outcrop::wire {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool is_label(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }
bool is_greedy(std::string_view segment) { return segment.ends_with("+}"); }
std::string_view label_name(std::string_view segment) { return segment.substr(1, segment.size() - (is_greedy(segment) ? 3 : 2)); }

// "list-type=2" and "acl=" and "acl" each satisfy the literal of the same name; a literal with a value wants it.
bool has_literal(const std::vector<std::string_view>& query, std::string_view literal) {
  return std::ranges::any_of(query, [&](std::string_view field) {
    if (literal.find('=') != std::string_view::npos) return field == literal;
    return field.substr(0, field.find('=')) == literal;
  });
}

}  // namespace

struct PathTrie::Node {
  struct Leaf {
    const ServiceModel* service;
    const Operation* operation;
    std::vector<std::string_view> query;   // literals that must be there
    std::vector<std::string_view> labels;  // names, in the order of the path
  };
  std::map<std::string_view, std::unique_ptr<Node>> literals;
  std::unique_ptr<Node> label, greedy;
  std::vector<Leaf> leaves;

  static Node& made(std::unique_ptr<Node>& at) {
    if (!at) at = std::make_unique<Node>();
    return *at;
  }
};

namespace {

// One look-up: walks the trie along the segments of the path and keeps what labels matched.
struct PathLookup {
  std::string_view method, path, scope;
  std::vector<std::string_view> query, segments, values;

  template <class Node>
  const typename Node::Leaf* find(const Node& node, size_t at) {
    if (at == segments.size()) return best_leaf(node);
    if (auto next = node.literals.find(segments[at]); next != node.literals.end()) {
      if (auto* leaf = find(*next->second, at + 1)) return leaf;
    }
    if (node.label) {
      values.push_back(segments[at]);
      if (auto* leaf = find(*node.label, at + 1)) return leaf;
      values.pop_back();
    }
    return node.greedy ? find_greedy(*node.greedy, at) : nullptr;
  }

  // As many segments as the rest of the template leaves.
  template <class Node>
  const typename Node::Leaf* find_greedy(const Node& node, size_t at) {
    for (size_t end = segments.size(); end > at; --end) {
      // It begins after one slash: an object's key may begin with more.
      const char* begin = at == 0 ? path.data() + 1 : segments[at - 1].data() + segments[at - 1].size() + 1;
      // The last one keeps the slash at its end: it is part of an object's key.
      const char* stop = end == segments.size() ? path.data() + path.size() : segments[end - 1].data() + segments[end - 1].size();
      values.emplace_back(begin, static_cast<size_t>(stop - begin));
      if (auto* leaf = find(node, end)) return leaf;
      values.pop_back();
    }
    return nullptr;
  }

  template <class Node>
  const typename Node::Leaf* best_leaf(const Node& node) const {
    const typename Node::Leaf* best = nullptr;
    for (const auto& leaf : node.leaves) {
      if (leaf.operation->method != method || (!scope.empty() && leaf.service->signing_name != scope)) continue;
      if (!std::ranges::all_of(leaf.query, [&](std::string_view literal) { return has_literal(query, literal); })) continue;
      if (!best || leaf.query.size() > best->query.size()) best = &leaf;
    }
    return best;
  }
};

}  // namespace

PathTrie::PathTrie() : root_(std::make_unique<Node>()) {}
PathTrie::~PathTrie() = default;
PathTrie::PathTrie(PathTrie&&) noexcept = default;

void PathTrie::add(const ServiceModel& service, const Operation& operation) {
  std::string_view uri = operation.uri;
  size_t question = uri.find('?');
  Node::Leaf leaf{&service, &operation, {}, {}};
  if (question != std::string_view::npos) leaf.query = split(uri.substr(question + 1), '&');
  // "?x-id=GetObject" is a hint that only some clients send.
  std::erase_if(leaf.query, [](std::string_view literal) { return literal.starts_with("x-id="); });
  Node* node = root_.get();
  for (std::string_view segment : split(uri.substr(0, question), '/')) {
    if (is_label(segment)) {
      leaf.labels.push_back(label_name(segment));
      node = &Node::made(is_greedy(segment) ? node->greedy : node->label);
    } else {
      node = &Node::made(node->literals[segment]);
    }
  }
  node->leaves.push_back(std::move(leaf));
}

std::optional<PathMatch> PathTrie::find(std::string_view method, std::string_view path, std::string_view query,
                                        std::string_view scope_service) const {
  PathLookup lookup{method, path, scope_service, split(query, '&'), split(path, '/'), {}};
  const Node::Leaf* leaf = lookup.find(*root_, 0);
  if (!leaf) return std::nullopt;
  PathMatch match{leaf->service, leaf->operation, {}};
  for (size_t i = 0; i < leaf->labels.size(); ++i) match.labels.push_back({leaf->labels[i], lookup.values[i]});
  return match;
}

}  // namespace outcrop::wire
