#include "services/bedrock-runtime/openai/openai_error.h"

#include <fmt/format.h>

#include "json/writer.h"

namespace outcrop::bedrock_runtime {

namespace {

struct ErrorWords {
  int status;
  std::string_view type, code;
};

constexpr ErrorWords error_words[] = {
    {400, "invalid_request_error", "validation_error"},   {401, "authentication_error", "invalid_api_key"},
    {403, "permission_denied_error", "access_denied"},    {404, "invalid_request_error", "not_found_error"},
    {405, "invalid_request_error", "method_not_allowed"}, {413, "invalid_request_error", "request_too_large"},
    {429, "rate_limit_error", "rate_limit_exceeded"},
};

// What has no words of its own keeps AWS's name.
ErrorWords words_of(const Fault& fault) {
  for (const ErrorWords& words : error_words) {
    if (words.status == fault.status) return words;
  }
  return {fault.status, "server_error", fault.code};
}

}  // namespace

Fault unauthorized(Fault fault) {
  fault.status = 401;
  return fault;
}

Fault no_such_model(std::string_view id) { return {"ResourceNotFoundException", 404, fmt::format("The model '{}' does not exist", id)}; }

std::string openai_error(const Fault& fault) {
  const ErrorWords words = words_of(fault);
  std::string body;
  json::Writer out(body);
  out.begin_object();
  out.name("error"), out.begin_object();
  out.name("message"), out.string(fault.message);
  out.name("type"), out.string(words.type);
  out.name("param"), out.null();
  out.name("code"), out.string(words.code);
  out.end_object(), out.end_object();
  return body;
}

}  // namespace outcrop::bedrock_runtime
