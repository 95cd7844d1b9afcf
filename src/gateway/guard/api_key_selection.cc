#include "gateway/guard/api_key_selection.h"

#include "gateway/guard/identity_source.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view api_keys_tag = "outcrop:api-keys", required = "required";
constexpr std::string_view header_prefix = "$request.header.", default_header = "x-api-key";
constexpr std::string_view of_authorizer = "$context.authorizer.usageIdentifierKey";

}  // namespace

bool wants_api_keys(const ServedStage& stage) {
  const std::string* of_stage = stage.record.tags.find(api_keys_tag);
  const std::string* tag = of_stage ? of_stage : stage.api->record().tags.find(api_keys_tag);
  return tag && *tag == required;
}

std::optional<std::string> find_api_key(const RouteEvent& event, std::string_view usage_identifier_key) {
  const std::string expression = event.stage->api->record().api_key_selection_expression.value_or("");
  if (expression == of_authorizer) return usage_identifier_key.empty() ? std::nullopt : std::optional(std::string(usage_identifier_key));
  std::string_view header = expression;
  header = header.starts_with(header_prefix) ? header.substr(header_prefix.size()) : default_header;
  if (const std::string* key = event.handshake->head.headers.find(header)) return *key;
  return wants_api_keys(*event.stage) ? find_query_value(event.handshake->head.query, header) : std::nullopt;
}

}  // namespace outcrop::gateway
