#include "auth/web_identity.h"

#include <algorithm>

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
  if (not_before && now < *not_before) {
    return invalid_token(fmt::format("The token is not valid yet: current date/time {} must be after the not-before date/time {}",
                                     seconds_since_epoch(now), seconds_since_epoch(*not_before)));
  }
  return {};
}

}  // namespace

Result<WebIdentity> WebIdentities::identify(std::string_view token, Instant now, bool trusts_anyone) const {
  std::optional<Jwt> jwt = parse_jwt(token);
  if (!jwt) return invalid_token("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
  WebIdentity identity{.subject = jwt->claim("sub"), .issuer = jwt->claim("iss")};
  for (std::string_view name : {"iss", "sub"})
    if (jwt->claim(name).empty()) return invalid_token(fmt::format("Missing a required claim: {}", name));
  const std::vector<std::string> audiences = jwt->audiences();
  if (audiences.empty()) return invalid_token("Missing a required claim: aud");

  auto issuer = std::ranges::find(issuers_, identity.issuer, &WebIdentityIssuer::issuer);
  const bool is_known = issuer != issuers_.end();
  if (!is_known && !trusts_anyone)
    return invalid_token(fmt::format("No OpenIDConnect provider found in your account for {}", identity.issuer));
  if (is_known && !issuer->keys.verify(*jwt)) return invalid_token("Provided Token's signature could not be verified.");
  auto is_accepted = [&](const std::string& audience) { return !is_known || std::ranges::count(issuer->audiences, audience) > 0; };
  auto audience = std::ranges::find_if(audiences, is_accepted);
  if (audience == audiences.end()) return invalid_token("Incorrect token audience");
  Result<void> in_time = check_lifetime(*jwt, now);
  if (!in_time) return fail(std::move(in_time.error()));
  identity.audience = *audience;
  identity.issuer = without_scheme(identity.issuer);
  return identity;
}

}  // namespace outcrop::auth
