#include "services/lambda/url/response.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/encoding.h"
#include "net/syntax.h"
#include "services/lambda/url/prelude.h"

namespace outcrop::lambda {

namespace {

constexpr std::string_view json_type = "application/json", stream_type = "application/octet-stream";

// What a function has no say in: the connection and the length of a body are the server's.
bool is_ours(std::string_view name) {
  for (std::string_view ours : {"connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade", "trailer", "te"}) {
    if (ascii_equal_ignoring_case(name, ours)) return true;
  }
  return false;
}

std::optional<std::string> text_of(const json::Value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_number()) return std::string(value.number_text());
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  return std::nullopt;
}

// 200 when there is none; a text of digits counts as a number.
std::optional<int> status_in(const json::Value& metadata) {
  const json::Value* status = metadata.find("statusCode");
  if (!status) return 200;
  const std::string text = text_of(*status).value_or("");
  int code = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (error != std::errc() || end != text.data() + text.size() || code < 200 || code > 599) return std::nullopt;
  return code;
}

Result<void> add_header(net::Headers& headers, std::string_view name, const json::Value& value) {
  const std::optional<std::string> text = text_of(value);
  if (!text || !net::is_token(name) || !net::all_are(*text, net::value_byte))
    return fail(invalid_response(fmt::format("the header {} cannot be sent", name)));
  headers.add(is_ours(name) ? fmt::format("x-amzn-remapped-{}", name) : std::string(name), *text);
  return {};
}

Result<void> add_headers(net::Headers& headers, const json::Value& metadata) {
  const json::Value* given = metadata.find("headers");
  if (!given || given->is_null()) return {};
  if (!given->is_object()) return fail(invalid_response("its headers are no object"));
  for (const json::Member& header : given->as_object()) {
    if (header.value.is_null()) continue;
    if (auto added = add_header(headers, header.name(), header.value); !added) return added;
  }
  return {};
}

Result<void> add_cookies(net::Headers& headers, const json::Value& metadata) {
  const json::Value* cookies = metadata.find("cookies");
  if (!cookies || cookies->is_null()) return {};
  if (!cookies->is_array()) return fail(invalid_response("its cookies are no array"));
  for (const json::Value& cookie : cookies->as_array()) {
    if (auto added = add_header(headers, "set-cookie", cookie); !added) return added;
  }
  return {};
}

// A body that is no text is sent as the JSON it is.
Result<std::string> body_in(const json::Value& response) {
  const json::Value* body = response.find("body");
  if (!body || body->is_null()) return "";
  const json::Value* encoded = response.find("isBase64Encoded");
  std::string text = body->is_string() ? std::string(body->as_string()) : json::write(*body);
  if (!encoded || !encoded->is_bool() || !encoded->as_bool()) return text;
  auto bytes = unbase64(text);
  if (!bytes) return fail(invalid_response("its body is no base64"));
  return std::move(*bytes);
}

Result<UrlResponse> streamed_response(std::string_view payload) {
  Prelude prelude;
  Result<bool> complete = prelude.add(payload);
  if (!complete) return fail(std::move(complete.error()));
  if (!*complete) return fail(invalid_response("its metadata do not end"));
  auto head = response_head_of(prelude.metadata(), stream_type);
  if (!head) return fail(std::move(head.error()));
  return UrlResponse{std::move(*head), prelude.take_body()};
}

// What is no JSON was written as a stream, which nobody had asked for: with metadata before it, or without.
Result<UrlResponse> collected_response(std::string payload) {
  if (payload.contains(end_of_metadata)) return streamed_response(payload);
  return UrlResponse{plain_head(stream_type), std::move(payload)};
}

// A text stands for itself, without its quotes.
UrlResponse inferred_response(const json::Value& value) {
  return {plain_head(json_type), value.is_string() ? std::string(value.as_string()) : json::write(value)};
}

}  // namespace

Fault invalid_response(std::string_view why) {
  return {"InvalidResponse", 502, fmt::format("The function's answer is no HTTP response: {}.", why)};
}

net::ResponseHead plain_head(std::string_view content_type) {
  return {.status = 200, .headers = {{"content-type", std::string(content_type)}}};
}

Result<net::ResponseHead> response_head_of(const json::Value& metadata, std::string_view default_type) {
  const std::optional<int> status = status_in(metadata);
  if (!status) return fail(invalid_response("its statusCode is no status"));
  net::ResponseHead head{.status = *status, .headers = {}};
  if (auto added = add_headers(head.headers, metadata); !added) return fail(std::move(added.error()));
  if (auto added = add_cookies(head.headers, metadata); !added) return fail(std::move(added.error()));
  if (!head.headers.find("content-type")) head.headers.add("content-type", std::string(default_type));
  return head;
}

Result<UrlResponse> response_of(std::string_view content_type, std::string payload) {
  if (content_type == integration_response_type) return streamed_response(payload);
  if (!content_type.starts_with(json_type)) return UrlResponse{plain_head(content_type), std::move(payload)};
  auto value = json::parse(payload);
  if (!value) return collected_response(std::move(payload));
  if (!value->find("statusCode")) return inferred_response(*value);
  auto head = response_head_of(*value, json_type);
  if (!head) return fail(std::move(head.error()));
  auto body = body_in(*value);
  if (!body) return fail(std::move(body.error()));
  return UrlResponse{std::move(*head), std::move(*body)};
}

}  // namespace outcrop::lambda
