#include "auth/web_identity.h"

#include <algorithm>

#include "auth/policy_pattern.h"

namespace outcrop::auth {

namespace {

std::unexpected<Fault> invalid_token(std::string message) { return fail("InvalidIdentityTokenException", 400, std::move(message)); }

std::string_view without_scheme(std::string_view issuer) {
  size_t at = issuer.find("://");
  return at == std::string_view::npos ? issuer : issuer.substr(at + 3);
}

Result<void> check_lifetime(const Jwt& jwt, Instant now) {
  std::optional<Instant> expires = jwt.instant_claim("exp"), not_before = jwt.instant_claim("nbf");
  if (!expires) return invalid_token("Missing a required claim: exp");
  if (now >= *expires) {
    return fail("ExpiredTokenException", 400,
                fmt::format("Token expired: current date/time {} must be before the expiration date/time {}", seconds_since_epoch(now),
                            seconds_since_epoch(*expires)));
  }
  if (!not_before) return jwt.claims.find("nbf") ? invalid_token("The claim nbf is no date/time") : Result<void>();
  if (now >= *not_before) return {};
  return invalid_token(fmt::format("The token is not valid yet: current date/time {} must be after the not-before date/time {}",
                                   seconds_since_epoch(now), seconds_since_epoch(*not_before)));
}

// The blanks are AWS's.
Result<void> check_signature(const Jwt& jwt, const JsonWebKeys& keys) {
  if (!keys.has_key_of(jwt)) {
    return invalid_token(
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for "
        "requirements");
  }
  if (!keys.verify(jwt)) return invalid_token("Provided Token's signature could not be verified.");
  return {};
}

bool is_among(const std::vector<std::string>& patterns, std::string_view subject) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) { return matches_wildcards(pattern, subject); });
}

}  // namespace

const WebIdentityIssuer* WebIdentities::find(std::string_view issuer, std::string_view role_account) const {
  auto found = std::ranges::find(issuers_, issuer, &WebIdentityIssuer::issuer);
  if (found == issuers_.end()) return nullptr;
  const bool is_accounts = found->accounts.empty() || std::ranges::count(found->accounts, role_account) > 0;
  return is_accounts ? &*found : nullptr;
}

Result<WebIdentity> WebIdentities::identify(std::string_view token, const WebIdentityUse& use) const {
  std::optional<Jwt> jwt = parse_jwt(token);
  if (!jwt) return invalid_token("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
  WebIdentity identity{.subject = jwt->claim("sub"), .issuer = jwt->claim("iss")};
  for (std::string_view name : {"iss", "sub"})
    if (jwt->claim(name).empty()) return invalid_token(fmt::format("Missing a required claim: {}", name));
  const std::vector<std::string> audiences = jwt->audiences();
  if (audiences.empty()) return invalid_token("Missing a required claim: aud");

  const WebIdentityIssuer* issuer = find(identity.issuer, use.role_account);
  if (!issuer && !use.trusts_anyone)
    return invalid_token(fmt::format("No OpenIDConnect provider found in your account for {}", identity.issuer));
  if (issuer) {
    Result<void> is_signed = check_signature(*jwt, issuer->keys);
    if (!is_signed) return fail(std::move(is_signed.error()));
  }
  auto is_accepted = [&](const std::string& audience) { return !issuer || std::ranges::count(issuer->audiences, audience) > 0; };
  auto audience = std::ranges::find_if(audiences, is_accepted);
  if (audience == audiences.end()) return invalid_token("Incorrect token audience");
  Result<void> in_time = check_lifetime(*jwt, use.now);
  if (!in_time) return fail(std::move(in_time.error()));
  if (issuer && !is_among(issuer->subjects, identity.subject))
    return fail("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity");
  identity.audience = *audience;
  identity.issuer = without_scheme(identity.issuer);
  return identity;
}

}  // namespace outcrop::auth
