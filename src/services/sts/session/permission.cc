#include "services/sts/session/permission.h"

#include "services/sts/session/wording.h"

namespace outcrop::sts {

auth::RequestFacts facts_of(const Call& call) {
  return {.source_ip = call.source_ip,
          .user_agent = call.user_agent,
          .region = call.region,
          .secure_transport = call.secure_transport,
          .now = call.world.clock.wall()};
}

Result<void> check_allowed(const Call& call, const auth::AccessRequest& request) {
  if (!call.enforced) return {};
  const bool is_federated = call.identity.kind == Identity::Kind::federated_user;
  if (!is_federated && auth::authorize(request, {}, nullptr).is_allowed()) return {};
  const bool names_resource = request.resource != "*";
  return fail(access_denied(fmt::format("User: {} is not authorized to perform: {}{}{}", call.identity.arn, request.action,
                                        names_resource ? " on resource: " : "", names_resource ? request.resource : "")));
}

}  // namespace outcrop::sts
