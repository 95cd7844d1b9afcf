// LambdaAuthorizer: a function decides who may connect. It is told of the handshake, when it has all that the authorizer wants to know, and
// answers with a policy; what else it says of the client goes with the connection's later events.
//
// Nothing is kept for the next client: API Gateway refuses AuthorizerResultTtlInSeconds for WebSocket APIs.
#pragma once
#include <string>

#include "base/task_group.h"
#include "core/world.h"
#include "gateway/event/function_calls.h"
#include "gateway/event/route_event.h"
#include "gateway/guard/authorizer_answer.h"

namespace outcrop::gateway {

class LambdaAuthorizer {
 public:
  // Both must outlive it.
  LambdaAuthorizer(World& world, FunctionCalls& functions) : world_(world), functions_(functions) {}

  // Adds what the function says of the client to `connection`'s record, and gives its usageIdentifierKey, "" without one. Faults: 401, 403
  // and 500, which the event has too.
  Task<Result<std::string>> authorize(RouteEvent& event, const DeployedApi::Authorizer& authorizer, ConnectionContext& connection);

  Task<void> stop() {
    tasks_.request_stop();
    co_await tasks_.join();
  }

 private:
  Task<Result<AuthorizerAnswer>> ask(RouteEvent& event, const DeployedApi::Authorizer& authorizer);
  Task<Result<FunctionAnswer>> invoke(const RouteEvent& event, const DeployedApi::Authorizer& authorizer);
  Task<Result<FunctionAnswer>> invoke_in_time(FunctionCall call);
  Task<void> deliver(FunctionCall call, Completion<Result<FunctionAnswer>>::Setter answered);

  World& world_;
  FunctionCalls& functions_;
  TaskGroup tasks_;  // invocations that may outlast who waited for them
};

}  // namespace outcrop::gateway
