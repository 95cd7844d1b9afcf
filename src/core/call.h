// Call: one operation being carried out, for whom and under which bounds. It enters every operation as its
// second argument, whether it came over a socket or from another service.
#pragma once
#include <stop_token>
#include <string>
#include <string_view>

#include "auth/identity.h"
#include "base/time.h"
#include "core/world.h"
#include "net/http.h"

namespace outcrop {

struct Call {
  World& world;
  Identity identity;
  std::string region;      // "us-east-1"
  std::string service;     // the model's name: "sqs"
  std::string operation;   // "SendMessage"
  std::string request_id;  // UUID
  std::string endpoint;    // "http://localhost:4566": what URLs in answers start with
  std::string source_ip;   // of the client; "" for calls between services
  std::string user_agent;
  std::string source_arn;         // of a service's own call: what it acts for, as conditions on aws:SourceArn know it
  std::string trace_header;       // X-Amzn-Trace-Id
  std::string traceparent;        // W3C Trace Context's
  bool secure_transport = false;  // came over TLS
  bool by_query = false;          // came in the query protocol, for which some services have words of their own
  bool enforced = false;          // identities are enforced: resource policies are evaluated
  // What came in headers beside the operation's own: x-outcrop-…, which ask for what AWS has not, and those that the configuration has
  // services read. Who sent them is whoever sent the request: a service believes only what its operator told it to.
  net::Headers extra_headers;
  net::Headers answer_headers;  // go with the answer, also with a fault
  uint64_t request_bytes = 0;   // of the body, decompressed
  SteadyTime deadline = SteadyTime::max();
  std::stop_token stop;  // the caller has gone or the server stops

  const std::string& account() const { return identity.account; }

  // A call that this one makes of another service: the same identity, source, extra headers, deadline, stop, trace and region,
  // its own request id, and no client behind it.
  Call child(std::string_view of_service, std::string_view of_operation) const;
};

}  // namespace outcrop
