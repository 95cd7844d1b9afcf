#include "gateway/event/function_event.h"

#include "gateway/event/handshake_values.h"
#include "gateway/event/request_context.h"

namespace outcrop::gateway {

namespace {

constexpr size_t context_bytes = 1'024;  // about what a requestContext takes

// A connection that has ended has a host, and nothing else that a request would; AWS lists these all the same.
NamedValues headers_of_disconnect(const ConnectionRecord& record) {
  NamedValues values(NamedValues::Case::ignored);
  values.add("Host", record.domain_name);
  for (std::string_view name : {"x-api-key", "X-Forwarded-For", "x-restapi"}) values.add(name, "");
  return values;
}

void write_headers(json::Writer& writer, const NamedValues& headers) {
  writer.name("headers");
  headers.write_last_values(writer);
  writer.name("multiValueHeaders");
  headers.write_all_values(writer);
}

}  // namespace

void write_handshake(json::Writer& writer, const Handshake& handshake, std::string_view trace_header) {
  write_headers(writer, header_values(handshake.head, trace_header));
  const NamedValues query = query_values(handshake.head);
  if (query.empty()) return;
  writer.name("queryStringParameters");
  query.write_last_values(writer);
  writer.name("multiValueQueryStringParameters");
  query.write_all_values(writer);
}

void write_stage_variables(json::Writer& writer, const ServedStage& stage) {
  if (stage.record.variables.empty()) return;
  writer.name("stageVariables");
  writer.begin_object();
  for (const auto& [name, value] : stage.record.variables) {
    writer.name(name);
    writer.string(value);
  }
  writer.end_object();
}

std::string write_function_event(const RouteEvent& event, std::string_view body) {
  std::string text;
  text.reserve(context_bytes + body.size() + body.size() / 8);
  json::Writer writer(text);
  writer.begin_object();
  if (event.handshake) write_handshake(writer, *event.handshake, event.trace_header);
  if (event.type == RouteEvent::Type::disconnect) write_headers(writer, headers_of_disconnect(event.connection.record));
  write_stage_variables(writer, *event.stage);
  writer.name("requestContext");
  write_request_context(writer, event);
  if (event.type == RouteEvent::Type::message) {
    writer.name("body");
    writer.string(body);
  }
  writer.name("isBase64Encoded");
  writer.boolean(false);
  writer.end_object();
  return text;
}

}  // namespace outcrop::gateway
