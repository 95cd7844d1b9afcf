#include "services/sts/session/role.h"

#include "auth/access_key_id.h"
#include "auth/access_keys.h"
#include "services/sts/session/permission.h"
#include "services/sts/session/wording.h"

namespace outcrop::sts {

std::string Role::session_arn(std::string_view session_name) const {
  return fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", account, name, session_name);
}

Result<Role> parse_role(std::string_view arn) {
  constexpr std::string_view before_account = "arn:aws:iam::", before_name = ":role/";
  std::string_view rest = arn;
  bool is_role = rest.starts_with(before_account);
  if (is_role) rest.remove_prefix(before_account.size());
  std::string_view account = rest.substr(0, 12);
  rest.remove_prefix(account.size());
  is_role = is_role && auth::is_account_id(account) && rest.starts_with(before_name);
  std::string_view name = rest.substr(std::min(rest.rfind('/') + 1, rest.size()));
  if (!is_role || name.empty()) return fail(validation_error("Request ARN is invalid"));
  return Role{std::string(arn), std::string(account), std::string(name), auth::unique_id("AROA", arn)};
}

namespace {

// What policies that decide about assuming a role can ask for.
auth::PolicyContext context_of(const Call& call, const AssumeRoleInput& input) {
  auth::PolicyContext context = auth::context_of(call.identity, facts_of(call));
  context.set("sts:RoleSessionName", input.role_session_name);
  if (input.external_id) context.set("sts:ExternalId", *input.external_id);
  if (input.source_identity) context.set("sts:SourceIdentity", *input.source_identity);
  if (input.transitive_tag_keys) context.set("sts:TransitiveTagKeys", *input.transitive_tag_keys);
  for (const Tag& tag : input.tags.value_or(std::vector<Tag>())) {
    context.set("aws:RequestTag/" + tag.key, tag.value);
    context.add("aws:TagKeys", tag.key);
  }
  return context;
}

}  // namespace

Result<void> check_may_assume(const Call& call, const Role& role, const AssumeRoleInput& input) {
  if (!call.enforced) return {};
  std::vector<std::string_view> actions = {"sts:AssumeRole"};
  if (input.tags && !input.tags->empty()) actions.emplace_back("sts:TagSession");
  if (input.source_identity) actions.emplace_back("sts:SetSourceIdentity");
  const auth::PolicyContext context = context_of(call, input);
  for (std::string_view action : actions) {
    Result<void> allowed = check_allowed(call, {call.identity, action, role.arn, role.account, context});
    if (!allowed) return allowed;
  }
  return {};
}

}  // namespace outcrop::sts
