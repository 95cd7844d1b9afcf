#include "services/lambda/url/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "auth/query_parameters.h"
#include "base/encoding.h"
#include "base/log_time.h"
#include "json/writer.h"

namespace outcrop::lambda {

namespace {

// Texts by name, in the order in which names came; what comes again is joined with commas.
class JoinedTexts {
 public:
  void add(std::string name, std::string_view text) {
    auto known = std::ranges::find(texts_, name, &std::pair<std::string, std::string>::first);
    if (known == texts_.end())
      texts_.emplace_back(std::move(name), text);
    else
      known->second.append(",").append(text);
  }
  void set(std::string_view name, std::string text) {
    auto known = std::ranges::find(texts_, name, &std::pair<std::string, std::string>::first);
    if (known == texts_.end())
      texts_.emplace_back(name, std::move(text));
    else
      known->second = std::move(text);
  }
  const std::string* find(std::string_view name) const {
    auto known = std::ranges::find(texts_, name, &std::pair<std::string, std::string>::first);
    return known == texts_.end() ? nullptr : &known->second;
  }
  bool empty() const { return texts_.empty(); }

  void write(json::Writer& writer) const {
    writer.begin_object();
    for (const auto& [name, text] : texts_) {
      writer.name(name);
      writer.string(text);
    }
    writer.end_object();
  }

 private:
  std::vector<std::pair<std::string, std::string>> texts_;
};

void write_text(json::Writer& writer, std::string_view name, std::string_view text) {
  writer.name(name);
  writer.string(text);
}

void write_null(json::Writer& writer, std::string_view name) {
  writer.name(name);
  writer.null();
}

// "4566" of "[2001:db8::1]:4566" and "example.com:4566"; empty when there is none.
std::string_view port_of(std::string_view host) {
  const size_t colon = host.rfind(':');
  return colon == std::string_view::npos || host.ends_with(']') ? "" : host.substr(colon + 1);
}

JoinedTexts headers_of(const UrlEvent& event) {
  const net::RequestHead& head = event.head;
  JoinedTexts headers;
  for (const net::Header& header : head.headers) headers.add(ascii_lower(header.name), header.value);
  headers.set("host", head.host);
  const std::string* forwarded = headers.find("x-forwarded-for");
  headers.set("x-forwarded-for", forwarded ? fmt::format("{}, {}", *forwarded, head.peer.address) : head.peer.address);
  headers.set("x-forwarded-proto", head.tls ? "https" : "http");
  const std::string_view port = port_of(head.host);
  headers.set("x-forwarded-port", std::string(!port.empty() ? port : head.tls ? "443" : "80"));
  headers.set("x-amzn-trace-id", std::string(event.trace_header));
  return headers;
}

JoinedTexts query_parameters_of(const net::RequestHead& head) {
  auto decoded = [](std::string_view text) { return percent_decode(text, /* plus_is_space */ true).value_or(std::string(text)); };
  JoinedTexts parameters;
  auth::for_each_query_parameter(head.query, [&](std::string_view name, std::string_view value) {
    if (!name.empty()) parameters.add(decoded(name), decoded(value));
  });
  return parameters;
}

void write_cookies(json::Writer& writer, const net::Headers& headers) {
  std::vector<std::string_view> cookies;
  for (const net::Header& header : headers) {
    if (!ascii_equal_ignoring_case(header.name, "cookie")) continue;
    for (std::string_view rest = header.value; !rest.empty();) {
      const size_t end = std::min(rest.find(';'), rest.size());
      if (end > 0) cookies.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      while (rest.starts_with(' ')) rest.remove_prefix(1);
    }
  }
  if (cookies.empty()) return;
  writer.name("cookies");
  writer.begin_array();
  for (std::string_view cookie : cookies) writer.string(cookie);
  writer.end_array();
}

void write_authorizer(json::Writer& writer, const Identity& caller) {
  write_null(writer, "authentication");
  writer.name("authorizer");
  writer.begin_object();
  writer.name("iam");
  writer.begin_object();
  write_text(writer, "accessKey", caller.access_key_id);
  write_text(writer, "accountId", caller.account);
  write_text(writer, "callerId", caller.user_id);
  write_null(writer, "cognitoIdentity");
  write_null(writer, "principalOrgId");
  write_text(writer, "userArn", caller.arn);
  write_text(writer, "userId", caller.user_id);
  writer.end_object();
  writer.end_object();
}

void write_http(json::Writer& writer, const UrlEvent& event) {
  writer.name("http");
  writer.begin_object();
  write_text(writer, "method", event.head.method);
  write_text(writer, "path", event.path);
  write_text(writer, "protocol", "HTTP/1.1");
  write_text(writer, "sourceIp", event.head.peer.address);
  write_text(writer, "userAgent", event.head.headers.get("user-agent"));
  writer.end_object();
}

void write_context(json::Writer& writer, const UrlEvent& event) {
  writer.name("requestContext");
  writer.begin_object();
  write_text(writer, "accountId", event.caller ? event.caller->account : "anonymous");
  write_text(writer, "apiId", event.url_id);
  if (event.caller) write_authorizer(writer, *event.caller);
  write_text(writer, "domainName", event.domain_name);
  write_text(writer, "domainPrefix", event.url_id);
  write_http(writer, event);
  write_text(writer, "requestId", event.request_id);
  write_text(writer, "routeKey", "$default");
  write_text(writer, "stage", "$default");
  write_text(writer, "time", log_time(event.at));
  writer.name("timeEpoch");
  writer.number(ms_since_epoch(event.at));
  writer.end_object();
}

void write_body(json::Writer& writer, const UrlEvent& event) {
  const bool is_text = event.body.empty() || (is_text_type(event.head.headers.get("content-type")) && is_valid_utf8(event.body));
  if (!event.body.empty()) write_text(writer, "body", is_text ? std::string_view(event.body) : std::string_view(base64(event.body)));
  writer.name("isBase64Encoded");
  writer.boolean(!is_text);
}

}  // namespace

bool is_text_type(std::string_view content_type) {
  const std::string type = ascii_lower(content_type.substr(0, content_type.find(';')));
  std::string_view name = type;
  while (name.ends_with(' ')) name.remove_suffix(1);
  if (name.starts_with("text/") || name.ends_with("+json") || name.ends_with("+xml")) return true;
  return name == "application/json" || name == "application/xml" || name == "application/javascript";
}

std::string write_event(const UrlEvent& event) {
  std::string text;
  text.reserve(event.body.size() + 2'048);
  json::Writer writer(text);
  writer.begin_object();
  write_text(writer, "version", "2.0");
  write_text(writer, "routeKey", "$default");
  write_text(writer, "rawPath", event.path);
  write_text(writer, "rawQueryString", event.head.query);
  write_cookies(writer, event.head.headers);
  writer.name("headers");
  headers_of(event).write(writer);
  if (const JoinedTexts parameters = query_parameters_of(event.head); !parameters.empty()) {
    writer.name("queryStringParameters");
    parameters.write(writer);
  }
  write_context(writer, event);
  write_body(writer, event);
  writer.end_object();
  return text;
}

}  // namespace outcrop::lambda
