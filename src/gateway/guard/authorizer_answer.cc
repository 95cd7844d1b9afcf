#include "gateway/guard/authorizer_answer.h"

#include <fmt/format.h>

#include "gateway/guard/limits.h"

namespace outcrop::gateway {

namespace {

std::unexpected<Fault> invalid_authorizer(std::string problem) { return fail("InvalidAuthorizer", 500, std::move(problem)); }

Result<std::string> context_text(std::string_view name, const json::Value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_number() || value.is_bool()) return json::write(value);
  return invalid_authorizer(fmt::format("The value of \"{}\" in the context is neither a string nor a number nor a boolean.", name));
}

Result<json::Object> read_context(const json::Value* context) {
  json::Object texts;
  if (!context || context->is_null()) return texts;
  if (!context->is_object()) return invalid_authorizer("The context is no object.");
  for (const json::Member& member : context->as_object()) {
    Result<std::string> text = context_text(member.name(), member.value);
    if (!text) return fail(std::move(text.error()));
    texts.set(member.name(), std::string_view(*text));
  }
  return texts;
}

std::string text_member(const json::Value& answer, std::string_view name) {
  const json::Value* value = answer.find(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace

Result<AuthorizerAnswer> read_authorizer_answer(std::string_view payload) {
  if (payload.size() > limits::authorizer_answer_bytes_max)
    return invalid_authorizer(fmt::format("The answer has more than {} bytes.", limits::authorizer_answer_bytes_max));
  const auto answer = json::parse(payload);
  if (!answer || !answer->is_object()) return invalid_authorizer("The answer is no JSON object.");
  AuthorizerAnswer read{.principal_id = text_member(*answer, "principalId"),
                        .usage_identifier_key = text_member(*answer, "usageIdentifierKey")};
  if (read.principal_id.empty()) return invalid_authorizer("The answer has no principalId.");
  const json::Value* policy = answer->find("policyDocument");
  if (!policy || !policy->is_object()) return invalid_authorizer("The answer has no policyDocument.");
  Result<auth::PolicyDocument> document = auth::policy_of(*policy, auth::PolicyKind::identity);
  if (!document) return invalid_authorizer("The policyDocument is no policy: " + document.error().message);
  read.policy = std::move(*document);
  Result<json::Object> context = read_context(answer->find("context"));
  if (!context) return fail(std::move(context.error()));
  read.context = std::move(*context);
  return read;
}

}  // namespace outcrop::gateway
