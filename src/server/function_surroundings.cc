#include "server/function_surroundings.h"

#include "services/sts/session/role.h"

namespace outcrop::server {

namespace {

// Those of an environment on AWS last as long.
constexpr Seconds credentials_age{12 * 3'600};

}  // namespace

void FunctionSurroundings::set_place(std::string endpoint, std::string certificates) {
  std::scoped_lock lock(mutex_);
  endpoint_ = std::move(endpoint);
  certificates_ = std::move(certificates);
}

// A session of its role, named after the function as on AWS.
Task<Result<runner::FunctionCredentials>> FunctionSurroundings::credentials(runner::FunctionVersionRef function) {
  const sts::Role role = co_await sts::parse_role(function->role);
  const Instant now = std::chrono::floor<Seconds>(world_.clock.wall());
  auth::SessionRecord record{.kind = auth::record_kind(Identity::Kind::role),
                             .account = role.account,
                             .arn = role.session_arn(function->name),
                             .user_id = role.session_id(function->name),
                             .issued_at = now,
                             .expires_at = now + credentials_age};
  auth::TemporaryCredentials made = sts_.sessions()->issue(record, world_.random);
  co_return runner::FunctionCredentials{std::move(made.access_key_id), std::move(made.secret), std::move(made.session_token),
                                        made.expires_at};
}

std::string FunctionSurroundings::endpoint() {
  std::scoped_lock lock(mutex_);
  return endpoint_;
}

std::string FunctionSurroundings::certificates() {
  std::scoped_lock lock(mutex_);
  return certificates_;
}

}  // namespace outcrop::server
