#include "services/lambda/permission/statement.h"

#include <algorithm>

#include "gen/lambda/errors.h"
#include "json/json.h"

namespace outcrop::lambda {

namespace {

bool is_account_of_principal(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "events.amazonaws.com", "alexa-appkit.amazon.com".
bool is_service_principal(std::string_view text) {
  const bool has_characters =
      std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; });
  const bool is_of_aws = text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn") || text.ends_with(".amazon.com");
  return has_characters && is_of_aws && !text.starts_with('.');
}

// "arn:aws:iam::000000000000:role/name": users, roles, their sessions and roots.
bool is_principal_arn(std::string_view text) {
  if (!text.starts_with("arn:aws")) return false;
  const size_t partition_end = text.find(':', 4);
  if (partition_end == std::string_view::npos) return false;
  std::string_view rest = text.substr(partition_end + 1);
  if (!rest.starts_with("iam::") && !rest.starts_with("sts::")) return false;
  rest.remove_prefix(5);
  return rest.size() > 13 && is_account_of_principal(rest.substr(0, 12)) && rest[12] == ':';
}

Result<json::Value> principal_of(const std::string& principal) {
  if (principal == "*") return json::Value(principal);
  if (is_account_of_principal(principal)) return json::Value(json::Object{{"AWS", "arn:aws:iam::" + principal + ":root"}});
  if (is_principal_arn(principal)) return json::Value(json::Object{{"AWS", principal}});
  if (is_service_principal(principal)) return json::Value(json::Object{{"Service", principal}});
  return fail(invalid_parameter_value_exception("The provided principal was invalid. Please check the principal and try again."));
}

void set_when_given(json::Object& object, std::string_view name, const std::optional<std::string>& value) {
  if (value) object.set(name, *value);
}

json::Object condition_of(const AddPermissionInput& input) {
  json::Object equals, condition;
  set_when_given(equals, "AWS:SourceAccount", input.source_account);
  set_when_given(equals, "lambda:FunctionUrlAuthType", input.function_url_auth_type);
  set_when_given(equals, "lambda:EventSourceToken", input.event_source_token);
  set_when_given(equals, "aws:PrincipalOrgID", input.principal_org_id);
  if (!equals.empty()) condition.set("StringEquals", std::move(equals));
  if (input.invoked_via_function_url)
    condition.set("Bool", json::Object{{"lambda:InvokedViaFunctionUrl", *input.invoked_via_function_url ? "true" : "false"}});
  if (input.source_arn) condition.set("ArnLike", json::Object{{"AWS:SourceArn", *input.source_arn}});
  return condition;
}

}  // namespace

Result<std::string> make_statement(const FunctionName& function, const AddPermissionInput& input) {
  if (input.function_url_auth_type && input.action != "lambda:InvokeFunctionUrl")
    return fail(invalid_parameter_value_exception("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action"));
  Result<json::Value> principal = principal_of(input.principal);
  if (!principal) return fail(std::move(principal.error()));
  json::Object statement;
  statement.set("Sid", input.statement_id);
  statement.set("Effect", "Allow");
  statement.set("Principal", std::move(*principal));
  statement.set("Action", input.action);
  statement.set("Resource", function.qualified_arn());
  if (json::Object condition = condition_of(input); !condition.empty()) statement.set("Condition", std::move(condition));
  return json::write(json::Value(std::move(statement)));
}

}  // namespace outcrop::lambda
