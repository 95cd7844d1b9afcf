// Integrations: what carries out a route's events: functions, services of this server, HTTP endpoints, and nothing at all.
#pragma once
#include "core/world.h"
#include "gateway/event/event_values.h"
#include "gateway/event/function_calls.h"
#include "gateway/event/timed_work.h"

namespace outcrop::gateway {

// An event at its route.
struct RoutedEvent {
  RouteEvent& event;
  const DeployedApi::Route& route;  // has an integration
  EventValues& values;
  BytesInFlight::Share share;  // for as long as anything is under way on the event's behalf

  const DeployedApi::Integration& integration() const { return *route.integration; }
};

class Integrations {
 public:
  // All must outlive it.
  Integrations(World& world, FunctionCalls& functions) : world_(world), functions_(functions), timed_(world.clock) {}

  // Fills in what the integration said and how long it took. Faults: those of integration_result.h, which the client is told of.
  Task<Result<IntegrationResult>> run(RoutedEvent at);

  std::stop_token stop_token() const { return timed_.stop_token(); }
  Task<void> close() { return timed_.close(); }

 private:
  Task<Result<IntegrationResult>> carry_out(RoutedEvent at);
  Task<Result<IntegrationResult>> call_function(RoutedEvent at);

  World& world_;
  FunctionCalls& functions_;
  TimedWork timed_;
};

}  // namespace outcrop::gateway
