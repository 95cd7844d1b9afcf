// Route: which service, operation and protocol a request is for. Looked at in this order: the service of the
// credential scope, Smithy-Protocol, X-Amz-Target, Action and Version of a form or query, the path.
#pragma once
#include <expected>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/path_trie.h"
#include "wire/protocol.h"

namespace outcrop::wire {

struct Route {
  const ServiceModel* service = nullptr;
  const Operation* operation = nullptr;  // may lack a handler: then not_implemented() is the answer
  const Protocol* protocol = nullptr;
  std::vector<Label> labels;  // views into the request's path
};

// What answers when no operation was found: the fault and the protocol to word it in.
struct Misroute {
  Fault fault;
  const ServiceModel* service = nullptr;  // when it was recognised
  const Protocol* protocol = nullptr;     // never null
};

class Router {
 public:
  // The models must outlive the router.
  explicit Router(std::vector<const ServiceModel*> services);

  // Whether route() needs the body: a form without X-Amz-Target names its operation there.
  static bool needs_body(const net::RequestHead& head);

  // `scope_service` is the service of the credential scope, empty when there is none. `body` may be empty unless
  // needs_body().
  std::expected<Route, Misroute> route(const net::RequestHead& head, std::string_view scope_service, std::string_view body) const;

  const ServiceModel* find_service(std::string_view name) const;

 private:
  using Routed = std::expected<Route, Misroute>;
  Routed route_cbor(const net::RequestHead& head, std::string_view protocol) const;
  Routed route_target(const net::RequestHead& head, std::string_view target) const;
  Routed route_action(const net::RequestHead& head, std::string_view scope_service, std::string_view body) const;
  Routed route_path(const net::RequestHead& head, std::string_view scope_service) const;
  bool speaks_query(std::string_view scope_service) const;

  std::vector<const ServiceModel*> services_;
  PathTrie paths_;
};

// NotImplemented 501, naming the operation: it is in the model, but Outcrop lacks it.
Fault not_implemented(const ServiceModel& service, const Operation& operation);

// "sync-states.example:4566" without the prefix that models put before a host (sync-, stream-, streaming-, data-).
std::string_view without_host_prefix(std::string_view host);

}  // namespace outcrop::wire
