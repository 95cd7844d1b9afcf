// Integrations: what carries out a route's events: functions, services of this server, HTTP endpoints, and nothing at all.
#pragma once
#include "gateway/event/function_calls.h"
#include "gateway/event/mapped_request.h"
#include "gateway/event/service_calls.h"
#include "gateway/event/timed_work.h"
#include "net/http_clients.h"

namespace outcrop::gateway {

// An event at its route.
struct RoutedEvent {
  RouteEvent& event;
  const DeployedApi::Route& route;  // has an integration
  EventValues& values;
  BytesInFlight::Share share;  // for as long as anything is under way on the event's behalf

  const DeployedApi::Integration& integration() const { return *route.integration; }
};

// What integrations are asked of. All must outlive who holds it.
struct Backends {
  World& world;
  FunctionCalls& functions;
  ServiceCalls& services;
  net::HttpClients& clients;
};

class Integrations {
 public:
  explicit Integrations(const Backends& backends) : backends_(backends), timed_(backends.world.clock) {}

  // Fills in what the integration said and how long it took. Faults: those of integration_result.h, which the client is told of.
  Task<Result<IntegrationResult>> run(RoutedEvent at);

  std::stop_token stop_token() const { return timed_.stop_token(); }
  Task<void> close() { return timed_.close(); }

 private:
  Task<Result<IntegrationResult>> carry_out(RoutedEvent at);
  Task<Result<IntegrationResult>> call_function(RoutedEvent at);
  Task<Result<IntegrationResult>> pass_on(RoutedEvent at);
  Task<Result<IntegrationResult>> call_mapped(RoutedEvent at);
  Task<Result<IntegrationResult>> ask(RoutedEvent& at, MappedRequest request);
  Task<Result<IntegrationResult>> ask_service(RoutedEvent& at, MappedRequest request);
  Task<Result<IntegrationResult>> ask_http(RoutedEvent& at, MappedRequest request);
  std::stop_token waits_no_longer(const RouteEvent& event) const;

  const Backends backends_;
  TimedWork timed_;
};

}  // namespace outcrop::gateway
