#include "services/sts/session/role.h"

#include "auth/access_key_id.h"
#include "auth/access_keys.h"
#include "auth/policy.h"
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

Result<void> check_may_assume(const Call& call, const Role& role, const RoleRequest& request) {
  if (!call.enforced) return {};
  auth::PolicyContext context = auth::context_of(call.identity, {.source_ip = call.source_ip,
                                                                 .user_agent = call.user_agent,
                                                                 .region = call.region,
                                                                 .secure_transport = call.secure_transport,
                                                                 .now = call.world.clock.wall()});
  context.set("sts:RoleSessionName", std::string(request.session_name));
  if (!request.external_id.empty()) context.set("sts:ExternalId", std::string(request.external_id));
  auth::AccessRequest access{call.identity, "sts:AssumeRole", role.arn, role.account, context};
  bool is_federated = call.identity.kind == Identity::Kind::federated_user;
  if (!is_federated && auth::authorize(access, {}, nullptr).is_allowed()) return {};
  return fail(
      access_denied(fmt::format("User: {} is not authorized to perform: sts:AssumeRole on resource: {}", call.identity.arn, role.arn)));
}

}  // namespace outcrop::sts
