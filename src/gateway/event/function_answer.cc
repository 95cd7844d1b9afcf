#include "gateway/event/function_answer.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/encoding.h"
#include "json/json.h"
#include "net/syntax.h"

namespace outcrop::gateway {

namespace {

Fault malformed(std::string_view why) { return {"MalformedProxyResponse", 502, fmt::format("Malformed Lambda proxy response: {}", why)}; }

std::optional<std::string> scalar_text(const json::Value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_number()) return std::string(value.number_text());
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  return std::nullopt;
}

std::optional<int> status_of_answer(const json::Value& answer) {
  const json::Value* given = answer.find("statusCode");
  const std::string text = given ? scalar_text(*given).value_or("") : "";
  int status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc() || end != text.data() + text.size() || status < 100 || status > 599) return std::nullopt;
  return status;
}

Result<void> add_answer_header(net::Headers& headers, std::string_view name, const json::Value& value) {
  const std::optional<std::string> text = scalar_text(value);
  if (!text || !net::is_token(name) || !net::all_are(*text, net::value_byte))
    return fail(malformed(fmt::format("the header {} cannot be sent", name)));
  headers.add(std::string(name), *text);
  return {};
}

// Names that are in both are headers of the list.
Result<void> add_answer_headers(net::Headers& headers, const json::Value& answer) {
  const json::Value* lists = answer.find("multiValueHeaders");
  const json::Value* single = answer.find("headers");
  if (single && !single->is_null()) {
    if (!single->is_object()) return fail(malformed("its headers are no object"));
    for (const json::Member& header : single->as_object()) {
      if (header.value.is_null() || (lists && lists->find(header.name()))) continue;
      if (auto added = add_answer_header(headers, header.name(), header.value); !added) return added;
    }
  }
  if (!lists || lists->is_null()) return {};
  if (!lists->is_object()) return fail(malformed("its multiValueHeaders are no object"));
  for (const json::Member& header : lists->as_object()) {
    if (!header.value.is_array()) return fail(malformed(fmt::format("the values of {} are no list", header.name())));
    for (const json::Value& value : header.value.as_array()) {
      if (auto added = add_answer_header(headers, header.name(), value); !added) return added;
    }
  }
  return {};
}

Result<void> take_answer_body(IntegrationResult& result, const json::Value& answer) {
  const json::Value* body = answer.find("body");
  if (!body || body->is_null()) return {};
  if (!body->is_string()) return fail(malformed("its body is no string"));
  result.body = body->as_string();
  const json::Value* encoded = answer.find("isBase64Encoded");
  if (!encoded || !encoded->is_bool() || !encoded->as_bool()) return {};
  auto bytes = unbase64(result.body);
  if (!bytes) return fail(malformed("its body is no base64"));
  result.body = std::move(*bytes);
  result.is_binary = !is_valid_utf8(result.body);
  return {};
}

}  // namespace

Result<IntegrationResult> read_function_answer(std::string_view payload) {
  const auto answer = json::parse(payload);
  if (!answer || !answer->is_object()) return fail(malformed("it is no object"));
  const std::optional<int> status = status_of_answer(*answer);
  if (!status) return fail(malformed("its statusCode is no status"));
  IntegrationResult result{.status = *status};
  if (auto added = add_answer_headers(result.headers, *answer); !added) return fail(std::move(added.error()));
  if (auto taken = take_answer_body(result, *answer); !taken) return fail(std::move(taken.error()));
  return result;
}

}  // namespace outcrop::gateway
