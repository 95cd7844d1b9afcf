// The trie of path templates.
#include "wire/path_trie.h"

#include <algorithm>
#include <map>

#include "base/encoding.h"

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

// "acl=" and "acl" both satisfy the literal "acl"; one with a value wants that value.
bool has_literal(const std::vector<std::string_view>& query, std::string_view literal) {
  return std::ranges::any_of(query, [&](std::string_view field) {
    if (literal.find('=') != std::string_view::npos) return field == literal;
    return field.substr(0, field.find('=')) == literal;
  });
}

// What stands in the path for a literal segment: some clients encode '@' and other characters that need it not.
std::string plain_segment(std::string_view segment) {
  if (segment.find('%') == std::string_view::npos) return std::string(segment);
  return percent_decode(segment).value_or(std::string(segment));
}

}  // namespace

struct PathTrie::Node {
  struct Leaf {
    const ServiceModel* service;
    const Operation* operation;
    std::vector<std::string_view> query;   // literals that must be there
    std::vector<std::string_view> labels;  // names, in the order of the path
    bool ends_with_slash = false;
  };
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> label, greedy;
  std::vector<Leaf> leaves;

  static Node& made(std::unique_ptr<Node>& at) {
    if (!at) at = std::make_unique<Node>();
    return *at;
  }
};

namespace {

// How well a leaf suits a request, most telling first.
struct Suitability {
  bool has_all_required = false;
  size_t told = 0;  // literals, parameters and headers that must be there
  bool same_end = false;
  bool is_implemented = false;
  auto operator<=>(const Suitability&) const = default;
};

// One look-up: walks the trie along the segments of the path and keeps what labels matched.
struct PathLookup {
  const net::RequestHead& head;
  std::string_view scope;
  std::vector<std::string_view> query, segments, values;

  template <class Node>
  const typename Node::Leaf* find(const Node& node, size_t at) {
    if (at == segments.size()) {
      // Nothing but slashes is left: they are a key, where the template has one.
      if (node.greedy && !rest_of_path(at).empty()) {
        if (auto* leaf = find_greedy(*node.greedy, at)) return leaf;
      }
      return best_leaf(node);
    }
    if (auto next = node.literals.find(plain_segment(segments[at])); next != node.literals.end()) {
      if (auto* leaf = find(*next->second, at + 1)) return leaf;
    }
    if (node.label) {
      values.push_back(segments[at]);
      if (auto* leaf = find(*node.label, at + 1)) return leaf;
      values.pop_back();
    }
    return node.greedy ? find_greedy(*node.greedy, at) : nullptr;
  }

  // Leaves out what stands before the next segment that begins with '@': such a word says where a service's paths begin, and what
  // stands before it is the path of the client's endpoint ("/stage/@connections/ID"). False when there is none.
  bool leave_out_endpoint() {
    auto begins = [](std::string_view segment) { return plain_segment(segment).starts_with('@'); };
    if (segments.empty()) return false;
    auto mark = std::find_if(segments.begin() + 1, segments.end(), begins);
    const bool is_there = mark != segments.end();
    segments.erase(segments.begin(), mark);
    values.clear();
    return is_there;
  }

  // The path after `at` segments and one slash: an object's key may begin with more.
  std::string_view rest_of_path(size_t at) const {
    std::string_view path = head.path;
    size_t begin = at == 0 ? 0 : static_cast<size_t>(segments[at - 1].data() + segments[at - 1].size() - path.data());
    return path.substr(std::min(begin + 1, path.size()));
  }

  // As many segments as the rest of the template leaves. What ends the path keeps the slash there: it is part of an
  // object's key.
  template <class Node>
  const typename Node::Leaf* find_greedy(const Node& node, size_t at) {
    for (size_t end = segments.size();; --end) {
      std::string_view value = rest_of_path(at);
      if (end < segments.size()) value.remove_suffix(rest_of_path(end).size() + 1);
      values.push_back(value);
      if (auto* leaf = find(node, end)) return leaf;
      values.pop_back();
      if (end <= at + 1) return nullptr;
    }
  }

  template <class Node>
  const typename Node::Leaf* best_leaf(const Node& node) const {
    const typename Node::Leaf* best = nullptr;
    Suitability best_suits;
    for (const auto& leaf : node.leaves) {
      if (leaf.operation->method != head.method || (!scope.empty() && leaf.service->signing_name != scope)) continue;
      if (!std::ranges::all_of(leaf.query, [&](std::string_view literal) { return has_literal(query, literal); })) continue;
      Suitability suits = suitability(leaf);
      if (best && suits <= best_suits) continue;
      best = &leaf;
      best_suits = suits;
    }
    return best;
  }

  template <class Leaf>
  Suitability suitability(const Leaf& leaf) const {
    const Operation& operation = *leaf.operation;
    auto in_query = [&](std::string_view name) { return has_literal(query, name); };
    auto in_headers = [&](std::string_view name) { return head.headers.find(name) != nullptr; };
    return {.has_all_required =
                std::ranges::all_of(operation.required_query, in_query) && std::ranges::all_of(operation.required_headers, in_headers),
            .told = leaf.query.size() + operation.required_query.size() + operation.required_headers.size(),
            .same_end = leaf.ends_with_slash == head.path.ends_with('/'),
            .is_implemented = operation.is_implemented()};
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
  leaf.ends_with_slash = uri.substr(0, question).ends_with('/');
  Node* node = root_.get();
  for (std::string_view segment : split(uri.substr(0, question), '/')) {
    if (is_label(segment)) {
      leaf.labels.push_back(label_name(segment));
      node = &Node::made(is_greedy(segment) ? node->greedy : node->label);
    } else {
      node = &Node::made(node->literals[std::string(segment)]);
    }
  }
  node->leaves.push_back(std::move(leaf));
}

std::optional<PathMatch> PathTrie::find(const net::RequestHead& head, std::string_view scope_service) const {
  PathLookup lookup{head, scope_service, split(head.query, '&'), split(head.path, '/'), {}};
  const Node::Leaf* leaf = lookup.find(*root_, 0);
  while (!leaf && lookup.leave_out_endpoint()) leaf = lookup.find(*root_, 0);
  if (!leaf) return std::nullopt;
  PathMatch match{leaf->service, leaf->operation, {}};
  for (size_t i = 0; i < leaf->labels.size(); ++i) match.labels.push_back({leaf->labels[i], lookup.values[i]});
  return match;
}

}  // namespace outcrop::wire
