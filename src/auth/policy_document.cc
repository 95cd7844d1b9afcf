#include "auth/policy_document.h"

#include <algorithm>
#include <set>

#include "auth/access_keys.h"
#include "auth/limits.h"

namespace outcrop::auth {

namespace {

std::unexpected<Fault> malformed(std::string message) { return fail("MalformedPolicyDocument", 400, std::move(message)); }

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Reads one document; the first problem ends it and stays.
class PolicyReader {
 public:
  explicit PolicyReader(PolicyKind kind) : kind_(kind) {}

  Result<PolicyDocument> read(const json::Value& value) {
    if (!value.is_object()) return malformed("Syntax errors in policy.");
    const json::Value* statements = nullptr;
    for (const json::Member& member : value.as_object()) {
      if (member.name() == "Version")
        read_string(member.value, document_.version);
      else if (member.name() == "Id")
        read_string(member.value, document_.id);
      else if (member.name() == "Statement")
        statements = &member.value;
      else
        reject("Syntax errors in policy.");
    }
    check_version();
    if (statements == nullptr) reject("Syntax errors in policy.");
    if (problem_.empty()) read_statements(*statements);
    if (!problem_.empty()) return malformed(std::move(problem_));
    return std::move(document_);
  }

 private:
  void reject(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

  void read_string(const json::Value& value, std::string& out) {
    if (value.is_string())
      out = value.as_string();
    else
      reject("Syntax errors in policy.");
  }

  void check_version() {
    if (document_.version == "2012-10-17") return;
    if (kind_ == PolicyKind::identity) return reject("Policy document must be version 2012-10-17 or greater.");
    if (document_.version != "2008-10-17") reject("Syntax errors in policy.");
  }

  void read_statements(const json::Value& value) {
    if (value.is_object()) return read_statement(value.as_object());
    if (!value.is_array() || value.as_array().empty() || value.as_array().size() > policy_statements_max)
      return reject("Syntax errors in policy.");
    for (const json::Value& element : value.as_array()) {
      if (!element.is_object()) return reject("Syntax errors in policy.");
      read_statement(element.as_object());
      if (!problem_.empty()) return;
    }
  }

  void read_statement(const json::Object& object) {
    Statement statement;
    bool has_effect = false;
    std::set<std::string_view> groups;  // Action and NotAction are one: a statement has at most one of them
    for (const json::Member& member : object) {
      std::string_view name = member.name();
      bool negated = name.starts_with("Not");
      std::string_view group = negated ? name.substr(3) : name;
      bool negatable = group == "Principal" || group == "Action" || group == "Resource";
      if ((negated && !negatable) || !groups.insert(group).second) return reject("Syntax errors in policy.");
      if (group == "Sid") {
        read_string(member.value, statement.sid);
      } else if (group == "Effect") {
        has_effect = read_effect(member.value, statement.effect);
      } else if (group == "Principal") {
        statement.not_principal = negated;
        read_principals(member.value, statement.principals);
      } else if (group == "Action") {
        statement.not_action = negated;
        read_strings(member.value, statement.actions);
      } else if (group == "Resource") {
        statement.not_resource = negated;
        read_strings(member.value, statement.resources);
      } else if (group == "Condition") {
        read_conditions(member.value, statement.conditions);
      } else {
        return reject("Syntax errors in policy.");
      }
    }
    if (!has_effect) reject("Syntax errors in policy.");
    check_elements(groups);
    check_statement(statement);
    document_.statements.push_back(std::move(statement));
  }

  bool read_effect(const json::Value& value, Effect& effect) {
    if (!value.is_string()) return false;
    effect = value.as_string() == "Allow" ? Effect::allow : Effect::deny;
    return effect == Effect::allow || value.as_string() == "Deny";
  }

  // A string or a list of strings.
  void read_strings(const json::Value& value, std::vector<std::string>& out) {
    if (value.is_string()) return add_string(value.as_string(), out);
    if (!value.is_array()) return reject("Syntax errors in policy.");
    for (const json::Value& element : value.as_array()) {
      if (!element.is_string()) return reject("Syntax errors in policy.");
      add_string(element.as_string(), out);
    }
  }

  void add_string(std::string_view text, std::vector<std::string>& out) {
    if (out.size() >= policy_values_max) return reject("Syntax errors in policy.");
    out.emplace_back(text);
  }

  void read_principals(const json::Value& value, std::vector<PolicyPrincipal>& out) {
    if (value.is_string() && value.as_string() == "*") return out.push_back({PolicyPrincipal::Kind::anyone, ""});
    if (!value.is_object() || value.as_object().empty()) return reject("Syntax errors in policy.");
    for (const json::Member& member : value.as_object()) {
      std::vector<std::string> values;
      read_strings(member.value, values);
      for (const std::string& text : values) read_principal(member.name(), text, out);
    }
  }

  void read_principal(std::string_view type, const std::string& text, std::vector<PolicyPrincipal>& out) {
    using enum PolicyPrincipal::Kind;
    auto add = [&](PolicyPrincipal::Kind kind, std::string_view value) { out.push_back({kind, std::string(value)}); };
    if (text.empty()) return reject_principal(type, text);
    if (type == "Service") return add(service, text);
    if (type == "Federated") return add(federated, text);
    if (type == "CanonicalUser") return add(canonical_user, text);
    if (type != "AWS") return reject("Syntax errors in policy.");
    if (text == "*") return add(anyone, "");
    if (is_account_id(text)) return add(account, text);
    if (is_unique_id(text)) return add(aws, text);
    std::string_view owner = account_of_principal_arn(text);
    if (owner.empty()) return reject_principal(type, text);
    if (text.ends_with(":root")) return add(account, owner);
    add(aws, text);
  }

  void reject_principal(std::string_view type, std::string_view text) {
    reject(fmt::format("Invalid principal in policy: \"{}\":\"{}\"", type, text));
  }

  // What AWS shows in place of the ARN of a user or role that was deleted: "AIDA…", "AROA…".
  static bool is_unique_id(std::string_view text) {
    return text.size() >= 16 && text.size() <= access_key_id_characters_max && text.starts_with("A") &&
           std::ranges::all_of(text, is_letter_or_digit);
  }

  // "arn:aws:iam::111122223333:user/name" or "arn:aws:sts::…:assumed-role/role/session": its account; empty when it is no principal.
  static std::string_view account_of_principal_arn(std::string_view arn) {
    if (!arn.starts_with("arn:aws") || arn.find('*') != std::string_view::npos) return {};
    size_t partition_end = arn.find(':', 4);
    if (partition_end == std::string_view::npos) return {};
    std::string_view rest = arn.substr(partition_end + 1);
    if (!rest.starts_with("iam::") && !rest.starts_with("sts::")) return {};
    rest.remove_prefix(5);
    if (rest.size() < 14 || rest[12] != ':' || !is_account_id(rest.substr(0, 12))) return {};
    return rest.substr(0, 12);
  }

  void read_conditions(const json::Value& value, std::vector<Condition>& out) {
    if (!value.is_object()) return reject("Syntax errors in policy.");
    for (const json::Member& operation : value.as_object()) {
      std::optional<Condition> form = parse_condition_operator(operation.name());
      if (!form) return reject(fmt::format("Invalid Condition type : {}.", operation.name()));
      if (!operation.value.is_object()) return reject("Syntax errors in policy.");
      for (const json::Member& key : operation.value.as_object()) {
        Condition condition = *form;
        condition.key = key.name();
        if (condition.key.find(':') == std::string::npos)
          return reject("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        read_condition_values(key.value, condition);
        out.push_back(std::move(condition));
      }
    }
  }

  // Booleans and numbers may stand without quotes.
  void read_condition_values(const json::Value& value, Condition& condition) {
    auto add = [&](const json::Value& scalar) {
      std::string text;
      if (scalar.is_string())
        text = scalar.as_string();
      else if (scalar.is_bool())
        text = scalar.as_bool() ? "true" : "false";
      else if (scalar.is_number())
        text = scalar.number_text();
      else
        return reject("Syntax errors in policy.");
      if (!is_condition_value(condition.comparison, text)) return reject("Syntax errors in policy.");
      add_string(text, condition.values);
    };
    if (!value.is_array()) return add(value);
    for (const json::Value& element : value.as_array()) add(element);
  }

  // Which elements this kind of document must and must not have.
  void check_elements(const std::set<std::string_view>& groups) {
    if (!groups.contains("Action")) reject("Policy statement must contain actions.");
    if (kind_ == PolicyKind::identity) {
      if (groups.contains("Principal")) reject("Policy document should not specify a principal.");
      if (!groups.contains("Resource")) reject("Policy statement must contain resources.");
    } else if (!groups.contains("Principal")) {
      reject("Missing required field Principal");
    }
    if (kind_ == PolicyKind::trust && groups.contains("Resource")) reject("Has prohibited field Resource");
  }

  void check_statement(const Statement& statement) {
    if (statement.actions.empty()) reject("Policy statement must contain actions.");
    for (const std::string& action : statement.actions) check_action(action);
    if (kind_ == PolicyKind::identity) {
      if (statement.resources.empty()) reject("Policy statement must contain resources.");
      for (const std::string& resource : statement.resources) check_resource(resource);
      if (!std::ranges::all_of(statement.sid, is_letter_or_digit)) {
        reject("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*");
      }
    }
    if (!statement.sid.empty() && !sids_.insert(statement.sid).second) reject("Statement IDs (SID) in a single policy must be unique.");
  }

  void check_action(std::string_view action) {
    if (action == "*") return;
    size_t colon = action.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return reject("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
    std::string_view vendor = action.substr(0, colon), name = action.substr(colon + 1);
    if (name.find(':') != std::string_view::npos) return reject("Actions/Condition can contain only one colon.");
    if (!std::ranges::all_of(vendor, [](char c) { return is_letter_or_digit(c) || c == '-'; }))
      return reject(fmt::format("Vendor {} is not valid", vendor));
    if (name.empty() || !std::ranges::all_of(name, [](char c) { return is_letter_or_digit(c) || c == '*' || c == '?'; }))
      reject("Syntax errors in policy.");
  }

  void check_resource(std::string_view resource) {
    if (resource != "*" && !resource.starts_with("arn:")) reject(fmt::format("Resource {} must be in ARN format or \"*\".", resource));
  }

  const PolicyKind kind_;
  PolicyDocument document_;
  std::set<std::string> sids_;
  std::string problem_;
};

}  // namespace

Result<PolicyDocument> parse_policy(std::string_view text, PolicyKind kind) {
  if (text.size() > policy_bytes_max) return malformed("The policy document is too large.");
  auto document = json::parse(text, {.depth = policy_depth_max, .values = policy_values_max});
  if (!document) return malformed("This policy contains invalid Json");
  return policy_of(*document, kind);
}

Result<PolicyDocument> policy_of(const json::Value& document, PolicyKind kind) { return PolicyReader(kind).read(document); }

}  // namespace outcrop::auth
