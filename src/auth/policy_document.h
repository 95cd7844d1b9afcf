// A policy document as AWS defines it (IAM User Guide, "IAM JSON policy element reference"), read once and validated.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "auth/policy_condition.h"
#include "base/result.h"
#include "json/json.h"

namespace outcrop::auth {

enum class Effect : uint8_t { allow, deny };

struct PolicyPrincipal {
  enum class Kind : uint8_t { anyone, account, aws, service, federated, canonical_user };
  Kind kind = Kind::anyone;
  std::string value;  // account: 12 digits; aws: an ARN or unique id; service: "sns.amazonaws.com"; empty for anyone
};

struct Statement {
  std::string sid;
  Effect effect = Effect::deny;
  bool not_principal = false, not_action = false, not_resource = false;
  std::vector<PolicyPrincipal> principals;  // empty in identity policies
  std::vector<std::string> actions;         // "sqs:Send*"
  std::vector<std::string> resources;       // ARN patterns; empty where the kind of policy leaves them out
  std::vector<Condition> conditions;        // all must hold
};

struct PolicyDocument {
  std::string version = "2008-10-17";  // what AWS assumes
  std::string id;
  std::vector<Statement> statements;

  bool with_variables() const { return version == "2012-10-17"; }
};

// Which elements a document must and must not have.
enum class PolicyKind {
  identity,  // attached to a user or role: no Principal, a Resource, version 2012-10-17
  resource,  // attached to a queue, topic, bucket, …: a Principal; a statement without Resource is about the resource itself
  trust,     // who may assume a role: a Principal, no Resource
};

// Faults with MalformedPolicyDocument 400 in IAM's wording; services that word it differently replace code and message.
Result<PolicyDocument> parse_policy(std::string_view text, PolicyKind kind);
Result<PolicyDocument> policy_of(const json::Value& document, PolicyKind kind);

}  // namespace outcrop::auth
