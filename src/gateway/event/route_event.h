// RouteEvent: one event of a connection on its way through a route: what templates and access logs know as $context, and what became of it.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "base/time.h"
#include "gateway/api/api_source.h"
#include "gateway/connection/connection_context.h"
#include "net/websocket/frame.h"

namespace outcrop::gateway {

class ExecutionLog;

struct RouteEvent {
  enum class Type : uint8_t { connect, message, disconnect };

  std::shared_ptr<const ServedStage> stage;
  const ConnectionContext& connection;
  const Handshake* handshake = nullptr;  // of $connect
  Type type = Type::message;
  std::string route_key;            // "$connect", "ask"; "" as long as none is selected
  std::string request_id;           // "JjPcXEU8oAMFpUw="
  std::string extended_request_id;  // the same, as AWS has it: a WebSocket API's requests have no other id
  std::string message_id;           // "JjPcXcVtoAMCJzg="; of messages
  std::string trace_header;         // X-Amzn-Trace-Id; of $connect
  Instant at;
  const net::CloseReason* closed = nullptr;  // of $disconnect
  std::shared_ptr<ExecutionLog> log = {};    // null: its stage wants none

  // What became of it, filled in on the way.
  int status = 200;                                // of the whole
  std::string error_message, error_response_type;  // "Endpoint request timed out", "INTEGRATION_TIMEOUT"
  std::optional<int> integration_status;           // that the integration answered with
  std::string integration_error, integration_request_id;
  std::string validation_error;     // what the route's model has against the body
  bool is_worth_repeating = false;  // it was not the integration itself that failed, but the way to it
  std::optional<double> integration_latency_ms;

  // A step of finding out who connects.
  struct Step {
    std::optional<int> status;
    std::string error;
    std::optional<double> latency_ms;
  };
  Step authenticate;                                 // the signature, where IAM decides
  Step authorizer;                                   // the authorizer and what it answered
  Step authorize;                                    // what policies say of who that is
  std::optional<int> authorizer_integration_status;  // of the function
  std::string authorizer_request_id;                 // of its invocation
};

}  // namespace outcrop::gateway
