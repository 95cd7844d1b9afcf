// ServiceCalls: what integrations ask of this server's services, as an AWS SDK or a template would write it: a request of the service's own
// protocol, which never leaves the process.
#pragma once
#include <memory>
#include <stop_token>
#include <string>

#include "core/directory.h"
#include "gateway/event/integration_result.h"
#include "wire/route.h"

namespace outcrop::gateway {

// "arn:aws:apigateway:us-east-1:sqs:action/SendMessage", "arn:aws:apigateway:us-east-1:sqs:path/111122223333/orders".
struct ServiceUri {
  std::string region, service;
  bool is_action = false;
  std::string rest;  // the operation, or the path without its slash

  static std::optional<ServiceUri> parse(std::string_view text);
};

struct ServiceCall {
  ServiceUri uri;
  std::string method;  // of a path
  net::Headers headers;
  std::string query;  // raw, without '?'
  std::string body;
  Identity identity;
  std::string source_arn;
  std::stop_token stop;
};

class ServiceCalls {
 public:
  // Both must outlive it, and the directory has all services by now. `enforced`: what policies say counts.
  ServiceCalls(World& world, Directory& directory, bool enforced);

  // The service's answer, errors too, in its own protocol. Fault: UnknownService 400 for what this server has not.
  Task<Result<IntegrationResult>> send(ServiceCall call);

 private:
  const wire::ServiceModel* find_service(std::string_view name) const;
  Task<Result<wire::Response>> carry_out(Call& call, const wire::Route& route, const net::RequestHead& head, std::string_view body);

  World& world_;
  Directory& directory_;
  wire::Router router_;
  const bool enforced_;
};

}  // namespace outcrop::gateway
