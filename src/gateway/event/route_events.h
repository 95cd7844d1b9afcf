// RouteEvents: the events of connections, carried out: which route each goes to, past whom, to which integration, and what comes back.
#pragma once
#include "gateway/connection/connection_events.h"
#include "gateway/event/guards.h"
#include "gateway/event/integrations.h"

namespace outcrop::gateway {

class RouteEvents final : public ConnectionEvents {
 public:
  // All must outlive it.
  RouteEvents(ApiSource& source, Guards& guards, const Backends& backends)
      : world_(backends.world), source_(source), guards_(guards), integrations_(backends) {}

  Task<Result<void>> authorize(const ServedStage& stage, ConnectionContext& connection, const Handshake& handshake) override;
  Task<Result<net::Headers>> connect(const ServedStage& stage, const ConnectionContext& connection, const Handshake& handshake) override;
  Task<std::optional<net::WebSocketMessage>> message(const ConnectionContext& connection, net::WebSocketMessage message) override;
  Task<bool> disconnect(const ConnectionContext& connection, const net::CloseReason& reason) override;

  // When no event is under way any more: waits for functions that go on past their time, having told them to stop.
  Task<void> close() { return integrations_.close(); }

  size_t bytes_in_flight() const { return in_flight_.bytes(); }

 private:
  using Answer = std::optional<net::WebSocketMessage>;

  RouteEvent begin(std::shared_ptr<const ServedStage> stage, const ConnectionContext& connection, RouteEvent::Type type) const;
  RouteEvent begin_connect(const ServedStage& stage, const ConnectionContext& connection, const Handshake& handshake) const;
  void record(const RouteEvent& event);
  Task<Result<std::shared_ptr<const ServedStage>>> stage_of(const ConnectionContext& connection);
  Task<Result<IntegrationResult>> run(const DeployedApi::Route& route, EventValues& values);
  Task<Result<Answer>> answer_message(RouteEvent& event, const net::WebSocketMessage& message);
  Task<bool> end_connection(RouteEvent& event, const DeployedApi::Route& route);

  World& world_;
  ApiSource& source_;
  Guards& guards_;
  BytesInFlight in_flight_{limits::event_bytes_in_flight_max};  // before what holds shares of it
  Integrations integrations_;
};

}  // namespace outcrop::gateway
