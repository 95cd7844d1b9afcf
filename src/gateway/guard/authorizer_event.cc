#include "gateway/guard/authorizer_event.h"

#include <fmt/format.h>

#include "gateway/event/function_event.h"
#include "gateway/event/request_context.h"

namespace outcrop::gateway {

namespace {

void write_member(json::Writer& writer, std::string_view name, std::string_view text) {
  writer.name(name);
  writer.string(text);
}

// Integrations do without them where there are none; authorizers are told that there are none.
void write_empty_object(json::Writer& writer, std::string_view name) {
  writer.name(name);
  writer.begin_object();
  writer.end_object();
}

}  // namespace

std::string connect_arn(const RouteEvent& event) {
  const DeployedApi& api = *event.stage->api;
  return fmt::format("arn:aws:execute-api:{}:{}:{}/{}/$connect", api.region(), api.account(), api.id(), event.stage->name);
}

std::string write_authorizer_event(const RouteEvent& event) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  write_member(writer, "type", "REQUEST");
  write_member(writer, "methodArn", connect_arn(event));
  write_handshake(writer, *event.handshake, event.trace_header);
  if (event.handshake->head.query.empty()) {
    write_empty_object(writer, "queryStringParameters");
    write_empty_object(writer, "multiValueQueryStringParameters");
  }
  if (event.stage->record.variables.empty()) write_empty_object(writer, "stageVariables");
  write_stage_variables(writer, *event.stage);
  writer.name("requestContext");
  write_request_context(writer, event);
  writer.end_object();
  return text;
}

}  // namespace outcrop::gateway
