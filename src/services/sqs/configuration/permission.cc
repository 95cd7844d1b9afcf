#include "services/sqs/configuration/permission.h"

#include <algorithm>

#include "json/json.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/wording.h"

namespace outcrop::sqs {
namespace {

// What may be shared with another account (API, AddPermission: Actions).
constexpr std::string_view shareable_actions[] = {
    "*",
    "SendMessage",
    "ReceiveMessage",
    "DeleteMessage",
    "ChangeMessageVisibility",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
};

json::Value one_or_list(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return json::Value(texts[0]);
  json::Array list;
  for (const std::string& text : texts) list.emplace_back(text);
  return json::Value(std::move(list));
}

std::vector<std::string> each(const std::vector<std::string>& texts, std::string_view before, std::string_view after) {
  std::vector<std::string> made;
  for (const std::string& text : texts) made.push_back(std::string(before) + text + std::string(after));
  return made;
}

json::Array::iterator statement_of(json::Array& statements, std::string_view label) {
  return std::ranges::find_if(statements, [&](const json::Value& statement) {
    const json::Value* sid = statement.find("Sid");
    return sid && sid->is_string() && sid->as_string() == label;
  });
}

// The statements of a policy as a list, which may stand alone in the document.
json::Array& statements_of(json::Value& document) {
  json::Value& statements = document.as_object()["Statement"];
  if (statements.is_null()) statements = json::Value::array();
  if (!statements.is_array()) statements = json::Value(json::Array{std::move(statements)});
  return statements.as_array();
}

}  // namespace

Result<void> check_permission(const Permission& permission) {
  const auto is_label_character = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
  if (permission.label.empty() || permission.label.size() > limits::label_length_max ||
      !std::ranges::all_of(permission.label, is_label_character))
    return fail(
        invalid_value(permission.label, "Label", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"));
  if (permission.accounts.empty()) return fail(missing_parameter("AWSAccountIds"));
  if (permission.actions.empty()) return fail(missing_parameter("Actions"));
  if (permission.actions.size() > limits::permission_actions_max)
    return fail(over_limit(
        fmt::format("{} Actions were found, maximum allowed is {}.", permission.actions.size(), limits::permission_actions_max)));
  if (permission.accounts.size() > limits::permission_principals_max)
    return fail(over_limit(
        fmt::format("{} principals were found, maximum allowed is {}.", permission.accounts.size(), limits::permission_principals_max)));
  for (const std::string& action : permission.actions)
    if (std::ranges::count(shareable_actions, action) == 0)
      return fail(invalid_value("SQS:" + action, "ActionName", "Only the queue owner is allowed to invoke this action."));
  for (const std::string& account : permission.accounts)
    if (!is_account_id(account)) return fail(invalid_value(account, "PrincipalId", "Unable to verify."));
  return {};
}

Result<std::string> with_permission(const QueueName& queue, std::string_view policy, const Permission& permission) {
  json::Value document = json::Value::object();
  if (auto existing = json::parse(policy); existing && existing->is_object()) {
    document = std::move(*existing);
  } else {
    document.as_object().set("Version", "2008-10-17");
    document.as_object().set("Id", queue.arn() + "/SQSDefaultPolicy");
  }
  json::Array& statements = statements_of(document);
  if (statement_of(statements, permission.label) != statements.end())
    return fail(invalid_value(permission.label, "Label", "Already exists."));
  if (statements.size() >= limits::permission_statements_max)
    return fail(over_limit(
        fmt::format("{} statements were found, maximum allowed is {}.", statements.size() + 1, limits::permission_statements_max)));
  json::Object statement;
  statement.set("Sid", permission.label);
  statement.set("Effect", "Allow");
  statement.set("Principal", json::Object{{"AWS", one_or_list(each(permission.accounts, "arn:aws:iam::", ":root"))}});
  statement.set("Action", one_or_list(each(permission.actions, "SQS:", "")));
  statement.set("Resource", queue.arn());
  statements.emplace_back(std::move(statement));
  return json::write(document);
}

Result<std::string> without_permission(std::string_view policy, std::string_view label) {
  auto document = json::parse(policy);
  const Fault no_label = invalid_value(label, "Label", "can't find label.");
  if (!document || !document->is_object()) return fail(no_label);
  json::Array& statements = statements_of(*document);
  auto found = statement_of(statements, label);
  if (found == statements.end()) return fail(no_label);
  statements.erase(found);
  return statements.empty() ? std::string() : json::write(*document);
}

}  // namespace outcrop::sqs
