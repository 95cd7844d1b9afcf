#include "gateway/event/service_identity.h"

#include <fmt/format.h>

#include "auth/session.h"
#include "base/arn.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view principal = "apigateway.amazonaws.com";
constexpr std::string_view session_name = "BackplaneAssumeRoleSession";  // AWS's, as CloudTrail shows it

}  // namespace

Identity acting_identity(const std::string& account, std::string_view role) {
  const std::optional<Arn> arn = parse_arn(role);
  if (!arn) return {.kind = Identity::Kind::service, .account = account, .arn = std::string(principal), .user_id = {}, .access_key_id = {}};
  // Until IAM describes roles, one may do what its account may, which a session says.
  static const auto session = std::make_shared<const auth::Session>();
  const std::string_view name = arn->resource.substr(arn->resource.rfind('/') + 1);
  return {.kind = Identity::Kind::role,
          .account = std::string(arn->account),
          .arn = fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", arn->account, name, session_name),
          .user_id = {},
          .access_key_id = {},
          .key_name = {},
          .session = session};
}

}  // namespace outcrop::gateway
