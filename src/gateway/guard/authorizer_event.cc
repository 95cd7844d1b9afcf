#include "gateway/guard/authorizer_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "auth/query_parameters.h"
#include "base/encoding.h"
#include "gateway/event/request_context.h"
#include "json/writer.h"

namespace outcrop::gateway {

namespace {

// Values by name, in the order in which names came.
class ValuesByName {
 public:
  void add(std::string_view name, std::string value) {
    auto known = std::ranges::find(values_, name, &std::pair<std::string, std::vector<std::string>>::first);
    if (known == values_.end()) known = values_.insert(values_.end(), {std::string(name), {}});
    known->second.push_back(std::move(value));
  }

  void write_last(json::Writer& writer) const {
    writer.begin_object();
    for (const auto& [name, values] : values_) {
      writer.name(name);
      writer.string(values.back());
    }
    writer.end_object();
  }
  void write_all(json::Writer& writer) const {
    writer.begin_object();
    for (const auto& [name, values] : values_) {
      writer.name(name);
      writer.begin_array();
      for (const std::string& value : values) writer.string(value);
      writer.end_array();
    }
    writer.end_object();
  }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> values_;
};

std::string forwarded_port(const net::RequestHead& head) {
  const size_t colon = head.host.rfind(':');
  if (colon != std::string::npos && !head.host.ends_with(']')) return head.host.substr(colon + 1);
  return head.tls ? "443" : "80";
}

// As they were sent, and what a front adds.
ValuesByName headers_of(const net::RequestHead& head) {
  ValuesByName headers;
  for (const net::Header& header : head.headers) headers.add(header.name, header.value);
  headers.add("X-Forwarded-For", head.peer.address);
  headers.add("X-Forwarded-Port", forwarded_port(head));
  headers.add("X-Forwarded-Proto", head.tls ? "https" : "http");
  return headers;
}

ValuesByName query_of(const net::RequestHead& head) {
  auto decoded = [](std::string_view text) { return percent_decode(text, /* plus_is_space */ true).value_or(std::string(text)); };
  ValuesByName parameters;
  auth::for_each_query_parameter(head.query, [&](std::string_view name, std::string_view value) {
    if (!name.empty()) parameters.add(decoded(name), decoded(value));
  });
  return parameters;
}

void write_stage_variables(json::Writer& writer, const StageRecord& stage) {
  writer.begin_object();
  for (const auto& [name, value] : stage.variables) {
    writer.name(name);
    writer.string(value);
  }
  writer.end_object();
}

}  // namespace

std::string connect_arn(const RouteEvent& event) {
  const DeployedApi& api = *event.stage->api;
  return fmt::format("arn:aws:execute-api:{}:{}:{}/{}/$connect", api.region(), api.account(), api.id(), event.stage->name);
}

std::string write_authorizer_event(const RouteEvent& event) {
  const ValuesByName headers = headers_of(event.handshake->head), query = query_of(event.handshake->head);
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.name("type");
  writer.string("REQUEST");
  writer.name("methodArn");
  writer.string(connect_arn(event));
  writer.name("headers");
  headers.write_last(writer);
  writer.name("multiValueHeaders");
  headers.write_all(writer);
  writer.name("queryStringParameters");
  query.write_last(writer);
  writer.name("multiValueQueryStringParameters");
  query.write_all(writer);
  writer.name("stageVariables");
  write_stage_variables(writer, event.stage->record);
  writer.name("requestContext");
  write_request_context(writer, event);
  writer.end_object();
  return text;
}

}  // namespace outcrop::gateway
