#include "auth/policy.h"

#include <algorithm>

#include "auth/policy_pattern.h"
#include "auth/session.h"

namespace outcrop::auth {

namespace {

// How a principal element fits an identity. Naming the account is a weaker yes than naming the identity.
enum class PrincipalMatch { none, through_account, direct };

PrincipalMatch match_principal(const PolicyPrincipal& principal, const Identity& identity) {
  using enum PrincipalMatch;
  auto direct_if = [](bool fits) { return fits ? direct : none; };
  bool is_of_account = identity.kind != Identity::Kind::service && identity.kind != Identity::Kind::anonymous;
  switch (principal.kind) {
    case PolicyPrincipal::Kind::anyone:
      return direct;
    case PolicyPrincipal::Kind::account:
      if (!is_of_account || identity.account != principal.value) return none;
      return identity.kind == Identity::Kind::root ? direct : through_account;
    case PolicyPrincipal::Kind::aws: {
      // A role is named by its ARN or id, and its sessions by theirs.
      std::string_view unique_id = std::string_view(identity.user_id).substr(0, identity.user_id.find(':'));
      return direct_if(is_of_account &&
                       (identity.arn == principal.value || principal_arn_of(identity) == principal.value || unique_id == principal.value));
    }
    case PolicyPrincipal::Kind::service:
      return direct_if(identity.kind == Identity::Kind::service && (principal.value == "*" || identity.arn == principal.value));
    case PolicyPrincipal::Kind::federated:
      return direct_if(identity.arn == principal.value);
    case PolicyPrincipal::Kind::canonical_user:
      return direct_if(identity.user_id == principal.value);
  }
  return none;
}

PrincipalMatch match_principals(const Statement& statement, const Identity& identity) {
  PrincipalMatch best = PrincipalMatch::none;
  for (const PolicyPrincipal& principal : statement.principals) best = std::max(best, match_principal(principal, identity));
  if (!statement.not_principal) return best;
  return best == PrincipalMatch::none ? PrincipalMatch::direct : PrincipalMatch::none;
}

bool applies_to_action(const Statement& statement, std::string_view action) {
  bool listed =
      std::ranges::any_of(statement.actions, [&](const std::string& pattern) { return matches_wildcards_ignoring_case(pattern, action); });
  return listed != statement.not_action;
}

bool applies_to_resource(const Statement& statement, const AccessRequest& request, bool with_variables) {
  if (statement.resources.empty()) return true;  // a resource policy's statement about its own resource
  bool listed = std::ranges::any_of(statement.resources, [&](const std::string& text) {
    std::optional<Pattern> pattern = with_variables ? Pattern::expand(text, request.context) : Pattern::plain(text);
    return pattern && pattern->matches_arn(request.resource);
  });
  return listed != statement.not_resource;
}

// The action, the resource and the conditions; who is another question.
bool applies(const Statement& statement, const AccessRequest& request, bool with_variables) {
  return applies_to_action(statement, request.action) && applies_to_resource(statement, request, with_variables) &&
         std::ranges::all_of(statement.conditions,
                             [&](const Condition& condition) { return holds(condition, request.context, with_variables); });
}

// A session's own ARN, not its role's, lets it past its session policies.
bool names_session(const Statement& statement, const Identity& identity) {
  return identity.session && !statement.not_principal && std::ranges::any_of(statement.principals, [&](const PolicyPrincipal& principal) {
           return principal.kind == PolicyPrincipal::Kind::aws && principal.value == identity.arn;
         });
}

// What one side, the identity's policies or the resource's, has to say.
struct Verdict {
  const Statement* denies = nullptr;
  const Statement* allows = nullptr;                  // this identity
  const Statement* allows_through_account = nullptr;  // its account, which may pass it on
  const Statement* allows_session = nullptr;          // this very session, by its own ARN
};

void collect(Verdict& verdict, const PolicyDocument& document, const AccessRequest& request, bool has_principals) {
  for (const Statement& statement : document.statements) {
    PrincipalMatch who = has_principals ? match_principals(statement, request.identity) : PrincipalMatch::direct;
    if (who == PrincipalMatch::none || !applies(statement, request, document.with_variables())) continue;
    const Statement*& slot = statement.effect == Effect::deny         ? verdict.denies
                             : who == PrincipalMatch::through_account ? verdict.allows_through_account
                                                                      : verdict.allows;
    if (slot == nullptr) slot = &statement;
    if (&slot == &verdict.allows && names_session(statement, request.identity)) verdict.allows_session = &statement;
  }
}

// Whether temporary credentials may do what their session policies have to allow.
struct SessionVerdict {
  Verdict verdict;
  bool is_bound = false;

  bool lets() const { return !is_bound || verdict.allows != nullptr; }
};

SessionVerdict judge_session(const AccessRequest& request) {
  SessionVerdict judged;
  const Session* session = request.identity.session.get();
  if (session == nullptr) return judged;
  judged.is_bound = session->needs_policy || !session->policies.empty();
  for (const PolicyDocument& document : session->policies) collect(judged.verdict, document, request, false);
  return judged;
}

Decision allowed_by(const Statement* statement, bool by_resource_policy) { return {Outcome::allowed, statement, by_resource_policy}; }

}  // namespace

Decision authorize(const AccessRequest& request, std::span<const PolicyDocument> identity_policies, const PolicyDocument* resource_policy) {
  Verdict identity, resource;
  for (const PolicyDocument& document : identity_policies) collect(identity, document, request, false);
  if (resource_policy != nullptr) collect(resource, *resource_policy, request, true);
  const SessionVerdict session = judge_session(request);
  if (session.verdict.denies != nullptr) return {Outcome::explicitly_denied, session.verdict.denies, false, true};
  if (identity.denies != nullptr) return {Outcome::explicitly_denied, identity.denies, false};
  if (resource.denies != nullptr) return {Outcome::explicitly_denied, resource.denies, true};

  using Kind = Identity::Kind;
  bool has_no_account = request.identity.kind == Kind::service || request.identity.kind == Kind::anonymous;
  if (has_no_account) {
    return resource.allows != nullptr ? allowed_by(resource.allows, true) : Decision{Outcome::implicitly_denied, nullptr, true};
  }
  bool identity_allows = request.identity.kind == Kind::root || request.identity.session || identity.allows != nullptr;
  if (!session.lets()) {
    bool is_own = request.identity.account == request.resource_account;
    if (is_own && resource.allows_session != nullptr) return allowed_by(resource.allows_session, true);
    return {Outcome::implicitly_denied, nullptr, false, true};
  }
  if (request.identity.account == request.resource_account) {
    if (identity_allows) return allowed_by(identity.allows, false);
    return resource.allows != nullptr ? allowed_by(resource.allows, true) : Decision{Outcome::implicitly_denied, nullptr, false};
  }
  if (!identity_allows) return {Outcome::implicitly_denied, nullptr, false};
  const Statement* granting = resource.allows != nullptr ? resource.allows : resource.allows_through_account;
  return granting != nullptr ? allowed_by(granting, true) : Decision{Outcome::implicitly_denied, nullptr, true};
}

std::string denial_message(const AccessRequest& request, const Decision& decision, std::string_view action) {
  std::string_view who = request.identity.kind == Identity::Kind::anonymous ? "anonymous" : std::string_view(request.identity.arn);
  std::string message = fmt::format("User: {} is not authorized to perform: {} on resource: {}", who, action, request.resource);
  std::string_view kind = decision.by_session_policy ? "session" : decision.by_resource_policy ? "resource-based" : "identity-based";
  if (decision.outcome == Outcome::explicitly_denied)
    return message + fmt::format(" with an explicit deny in {} {} policy", kind.starts_with('i') ? "an" : "a", kind);
  return message + fmt::format(" because no {} policy allows the {} action", kind, action);
}

}  // namespace outcrop::auth
