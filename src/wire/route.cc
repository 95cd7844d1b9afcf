// Routing over the models.
#include "wire/route.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "wire/form.h"

namespace outcrop::wire {
namespace {

std::string media_type(const net::RequestHead& head) {
  std::string_view value = head.headers.get("content-type");
  value = value.substr(0, value.find(';'));
  while (value.ends_with(' ')) value.remove_suffix(1);
  return ascii_lower(value);
}

bool is_form(std::string_view type) { return type == "application/x-www-form-urlencoded"; }
bool is_aws_json(std::string_view type) { return type == "application/x-amz-json-1.0" || type == "application/x-amz-json-1.1"; }

bool speaks(const ServiceModel& service, ProtocolKind kind) {
  return std::ranges::find(service.protocols, kind) != service.protocols.end();
}

bool signs_as(const ServiceModel& service, std::string_view scope) { return scope.empty() || service.signing_name == scope; }

// The version the client wrote, which it expects back; else the service's own.
const Protocol& json_protocol(std::string_view type, const ServiceModel* service) {
  if (type == "application/x-amz-json-1.1") return aws_json_1_1();
  if (type == "application/x-amz-json-1.0") return aws_json_1_0();
  return service && speaks(*service, ProtocolKind::aws_json_1_1) ? aws_json_1_1() : aws_json_1_0();
}

std::unexpected<Misroute> misroute(Fault fault, const ServiceModel* service, const Protocol& protocol) {
  return std::unexpected(Misroute{std::move(fault), service, &protocol});
}

// AWS names the kind of failure and says no more.
Fault unknown_operation(int status = 400) { return {"UnknownOperationException", status, ""}; }

}  // namespace

Router::Router(std::vector<const ServiceModel*> services) : services_(std::move(services)) {
  for (const ServiceModel* service : services_) {
    if (!speaks(*service, ProtocolKind::rest_json_1) && !speaks(*service, ProtocolKind::rest_xml)) continue;
    for (const Operation& operation : service->operations) paths_.add(*service, operation);
  }
}

const ServiceModel* Router::find_service(std::string_view name) const {
  auto at = std::ranges::find(services_, name, &ServiceModel::name);
  return at == services_.end() ? nullptr : *at;
}

bool Router::needs_body(const net::RequestHead& head) {
  return !head.headers.find("x-amz-target") && !head.headers.find("smithy-protocol") && is_form(media_type(head));
}

Router::Routed Router::route(const net::RequestHead& head, std::string_view scope_service, std::string_view body) const {
  if (const std::string* protocol = head.headers.find("smithy-protocol")) return route_cbor(head, *protocol);
  if (const std::string* target = head.headers.find("x-amz-target")) return route_target(head, *target);
  std::string type = media_type(head);
  if (is_aws_json(type)) return misroute(unknown_operation(), nullptr, json_protocol(type, nullptr));
  if (speaks_query(scope_service) && (is_form(type) || find_form_value(head.query, "Action"))) {
    return route_action(head, scope_service, body);
  }
  return route_path(head, scope_service);
}

// "/service/NAME/operation/NAME"; what stands before is the path of the client's endpoint.
Router::Routed Router::route_cbor(const net::RequestHead& head, std::string_view protocol) const {
  if (protocol != "rpc-v2-cbor") return misroute(unknown_operation(404), nullptr, rpc_v2_cbor());
  constexpr std::string_view before_service = "/service/", before_operation = "/operation/";
  const std::string_view path = head.path;
  const size_t at = path.rfind(before_service), middle = path.rfind(before_operation);
  if (at == std::string_view::npos || middle == std::string_view::npos || middle < at + before_service.size())
    return misroute(unknown_operation(404), nullptr, rpc_v2_cbor());
  const std::string_view name = path.substr(at + before_service.size(), middle - at - before_service.size());
  auto found = std::ranges::find_if(services_, [&](const ServiceModel* service) {
    return !name.empty() && service->target_prefix == name && speaks(*service, ProtocolKind::rpc_v2_cbor);
  });
  if (found == services_.end()) return misroute(unknown_operation(404), nullptr, rpc_v2_cbor());
  const Operation* operation = (*found)->find_operation(path.substr(middle + before_operation.size()));
  if (!operation) return misroute(unknown_operation(404), *found, rpc_v2_cbor());
  if (head.method != "POST") return misroute({"MethodNotAllowedException", 405, "The method must be POST"}, *found, rpc_v2_cbor());
  return Route{*found, operation, &rpc_v2_cbor(), {}};
}

Router::Routed Router::route_target(const net::RequestHead& head, std::string_view target) const {
  std::string type = media_type(head);
  size_t dot = target.rfind('.');
  std::string_view prefix = dot == std::string_view::npos ? "" : target.substr(0, dot);
  auto at = std::ranges::find_if(
      services_, [&](const ServiceModel* service) { return !service->target_prefix.empty() && service->target_prefix == prefix; });
  const ServiceModel* service = at == services_.end() ? nullptr : *at;
  const Protocol& protocol = json_protocol(type, service);
  if (!type.empty() && !is_aws_json(type) && type != "application/json") return misroute(unknown_operation(404), service, protocol);
  if (!service) return misroute(unknown_operation(), nullptr, protocol);
  const Operation* operation = service->find_operation(target.substr(dot + 1));
  if (!operation) return misroute(unknown_operation(), service, protocol);
  return Route{service, operation, &protocol, {}};
}

bool Router::speaks_query(std::string_view scope_service) const {
  return std::ranges::any_of(services_, [&](const ServiceModel* service) {
    return signs_as(*service, scope_service) && speaks(*service, ProtocolKind::aws_query);
  });
}

Router::Routed Router::route_action(const net::RequestHead& head, std::string_view scope_service, std::string_view body) const {
  auto field = [&](std::string_view name) {
    std::optional<std::string> value = find_form_value(head.query, name);
    return value ? value : find_form_value(body, name);
  };
  std::optional<std::string> action = field("Action");
  std::string version = field("Version").value_or("");
  const ServiceModel* service = nullptr;  // of that scope and version; without an action of that name the first one answers
  for (const ServiceModel* candidate : services_) {
    if (!signs_as(*candidate, scope_service) || !speaks(*candidate, ProtocolKind::aws_query)) continue;
    if (!version.empty() && candidate->api_version != version) continue;
    const Operation* operation = action ? candidate->find_operation(*action) : nullptr;
    if (operation) return Route{candidate, operation, &aws_query(), {}};
    if (!service && !scope_service.empty()) service = candidate;
  }
  if (!action) {
    return misroute({"MissingAction", 400, "The request must contain the parameter Action."}, service, aws_query());
  }
  if (version.empty()) {
    return misroute({"InvalidAction", 400, fmt::format("The action {} is not valid for this endpoint.", *action)}, service, aws_query());
  }
  return misroute({"InvalidAction", 400, fmt::format("Could not find operation {} for version {}", *action, version)}, service,
                  aws_query());
}

Router::Routed Router::route_path(const net::RequestHead& head, std::string_view scope_service) const {
  const ServiceModel* service = nullptr;
  if (std::optional<PathMatch> match = paths_.find(head, scope_service)) {
    service = match->service;
    for (ProtocolKind kind : service->protocols) {
      if (kind != ProtocolKind::rest_json_1 && kind != ProtocolKind::rest_xml) continue;
      if (const Protocol* protocol = protocol_of(kind)) return Route{service, match->operation, protocol, std::move(match->labels)};
    }
  } else if (!scope_service.empty()) {
    auto at = std::ranges::find(services_, scope_service, &ServiceModel::signing_name);
    if (at != services_.end()) service = *at;
  }
  const Protocol* protocol = service ? protocol_of(service->protocols.front()) : nullptr;
  if (protocol == &rest_xml()) {  // S3, where every path is some resource
    return misroute({"MethodNotAllowed", 405, "The specified method is not allowed against this resource."}, service, *protocol);
  }
  return misroute(unknown_operation(404), service, protocol ? *protocol : aws_json_1_0());
}

Fault not_implemented(const ServiceModel& service, const Operation& operation) {
  return {"NotImplemented", 501, fmt::format("Outcrop does not implement {} of {}", operation.name, service.service_id)};
}

std::string_view without_host_prefix(std::string_view host) {
  for (std::string_view prefix : {"sync-", "stream-", "streaming-", "data-"}) {
    if (host.starts_with(prefix)) return host.substr(prefix.size());
  }
  return host;
}

}  // namespace outcrop::wire
