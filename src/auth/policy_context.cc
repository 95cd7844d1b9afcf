#include "auth/policy_context.h"

#include "auth/session.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

std::string_view principal_type(Identity::Kind kind) {
  switch (kind) {
    case Identity::Kind::root:
      return "Account";
    case Identity::Kind::user:
      return "User";
    case Identity::Kind::role:
      return "AssumedRole";
    case Identity::Kind::federated_user:
      return "FederatedUser";
    case Identity::Kind::service:
      return "Service";
    case Identity::Kind::anonymous:
      return "Anonymous";
  }
  return "Anonymous";
}

void add_session(PolicyContext& context, const Session& session) {
  context.set("aws:TokenIssueTime", iso8601(session.issued_at));
  context.set("aws:MultiFactorAuthPresent", session.with_mfa ? "true" : "false");
  if (!session.source_identity.empty()) context.set("aws:SourceIdentity", session.source_identity);
  if (!session.federated_provider.empty()) context.set("aws:FederatedProvider", session.federated_provider);
  for (const auto& [key, value] : session.tags) context.set("aws:PrincipalTag/" + key, value);
}

}  // namespace

void PolicyContext::set(std::string_view key, std::string value) { set(key, Values{std::move(value)}); }
void PolicyContext::set(std::string_view key, Values values) { values_.insert_or_assign(ascii_lower(key), std::move(values)); }
void PolicyContext::add(std::string_view key, std::string value) { values_[ascii_lower(key)].push_back(std::move(value)); }

const PolicyContext::Values* PolicyContext::find(std::string_view key) const {
  auto found = values_.find(ascii_lower(key));
  return found == values_.end() ? nullptr : &found->second;
}

std::optional<std::string> PolicyContext::single(std::string_view key) const {
  const Values* values = find(key);
  if (values == nullptr || values->size() != 1) return std::nullopt;
  return values->front();
}

std::string principal_arn_of(const Identity& identity) {
  static constexpr std::string_view session = ":assumed-role/";
  size_t at = identity.arn.find(session);
  if (identity.kind != Identity::Kind::role || at == std::string::npos) return identity.arn;
  std::string_view name = std::string_view(identity.arn).substr(at + session.size());
  return fmt::format("arn:aws:iam::{}:role/{}", identity.account, name.substr(0, name.find('/')));
}

PolicyContext context_of(const Identity& identity, const RequestFacts& facts) {
  PolicyContext context;
  if (!facts.source_ip.empty()) context.set("aws:SourceIp", std::string(facts.source_ip));
  if (!facts.user_agent.empty()) context.set("aws:UserAgent", std::string(facts.user_agent));
  if (!facts.region.empty()) context.set("aws:RequestedRegion", std::string(facts.region));
  context.set("aws:SecureTransport", facts.secure_transport ? "true" : "false");
  context.set("aws:CurrentTime", iso8601(facts.now));
  context.set("aws:EpochTime", std::to_string(seconds_since_epoch(facts.now)));

  bool is_service = identity.kind == Identity::Kind::service;
  context.set("aws:PrincipalType", std::string(principal_type(identity.kind)));
  context.set("aws:PrincipalIsAWSService", is_service ? "true" : "false");
  if (identity.kind == Identity::Kind::anonymous) return context;
  if (is_service) {
    context.set("aws:PrincipalServiceName", identity.arn);
    return context;
  }
  context.set("aws:PrincipalArn", principal_arn_of(identity));
  context.set("aws:PrincipalAccount", identity.account);
  context.set("aws:userid", identity.user_id);
  if (identity.session) add_session(context, *identity.session);
  if (identity.kind == Identity::Kind::user) context.set("aws:username", identity.arn.substr(identity.arn.rfind('/') + 1));
  return context;
}

}  // namespace outcrop::auth
