// Operations by method and path: templates such as "/model/{modelId}/invoke" or "/{Bucket}/{Key+}?acl" as a trie.
// Labels are cut from the path as it is on the wire and decoded later, because an encoded '/' in an ARN is no
// separator.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/protocol.h"

namespace outcrop::wire {

struct PathMatch {
  const ServiceModel* service;
  const Operation* operation;
  std::vector<Label> labels;  // values view the path
};

class PathTrie {
 public:
  PathTrie();
  ~PathTrie();
  PathTrie(PathTrie&&) noexcept;

  // The models must outlive the trie.
  void add(const ServiceModel& service, const Operation& operation);

  // The most specific: literals before labels before greedy labels, then by what the query and headers must hold
  // ("?acl", "uploadId", "x-amz-copy-source"). Only operations whose service signs as `scope_service`, unless that is
  // empty. A slash at the end only decides between templates that are otherwise equal. A template that begins with a segment such as
  // "@connections" is found behind any path of an endpoint.
  std::optional<PathMatch> find(const net::RequestHead& head, std::string_view scope_service) const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace outcrop::wire
