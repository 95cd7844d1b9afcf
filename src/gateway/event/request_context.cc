#include "gateway/event/request_context.h"

#include "base/log_time.h"

namespace outcrop::gateway {

namespace {

void write_context_text(json::Writer& writer, std::string_view name, std::string_view text) {
  writer.name(name);
  writer.string(text);
}

void write_context_number(json::Writer& writer, std::string_view name, int64_t number) {
  writer.name(name);
  writer.number(number);
}

// What IAM said of the client, then what its handshake did.
void write_identity(json::Writer& writer, const ConnectionRecord& record) {
  writer.name("identity");
  writer.begin_object();
  if (record.identity) {
    const auto known = json::parse(*record.identity);
    if (known && known->is_object()) {
      for (const json::Member& member : known->as_object()) {
        writer.name(member.name());
        writer.value(member.value);
      }
    }
  }
  if (!record.user_agent.empty()) write_context_text(writer, "userAgent", record.user_agent);
  write_context_text(writer, "sourceIp", record.source_ip);
  writer.end_object();
}

}  // namespace

std::string_view type_name(RouteEvent::Type type) {
  switch (type) {
    case RouteEvent::Type::connect:
      return "CONNECT";
    case RouteEvent::Type::message:
      return "MESSAGE";
    case RouteEvent::Type::disconnect:
      return "DISCONNECT";
  }
  return "";
}

void write_request_context(json::Writer& writer, const RouteEvent& event) {
  const ConnectionRecord& record = event.connection.record;
  writer.begin_object();
  write_context_text(writer, "routeKey", event.route_key);
  if (record.authorizer) {
    writer.name("authorizer");
    writer.raw(*record.authorizer);
  }
  if (event.closed) write_context_number(writer, "disconnectStatusCode", event.closed->code);
  if (event.type == RouteEvent::Type::message) write_context_text(writer, "messageId", event.message_id);
  write_context_text(writer, "eventType", type_name(event.type));
  write_context_text(writer, "extendedRequestId", event.extended_request_id);
  write_context_text(writer, "requestTime", log_time(event.at));
  write_context_text(writer, "messageDirection", "IN");
  if (event.closed) write_context_text(writer, "disconnectReason", event.closed->text);
  write_context_text(writer, "stage", event.stage->name);
  write_context_number(writer, "connectedAt", ms_since_epoch(record.connected_at));
  write_context_number(writer, "requestTimeEpoch", ms_since_epoch(event.at));
  write_identity(writer, record);
  write_context_text(writer, "requestId", event.request_id);
  write_context_text(writer, "domainName", record.domain_name);
  write_context_text(writer, "connectionId", event.connection.id);
  write_context_text(writer, "apiId", record.api_id);
  writer.end_object();
}

}  // namespace outcrop::gateway
