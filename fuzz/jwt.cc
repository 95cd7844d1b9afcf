// A key set and a token of an identity provider as untrusted text, the first line and the rest. They are read or refused, never crash
// the server, and only what the provider's own keys signed is believed.
#include "auth/jwt.h"
#include "auth/web_identity.h"
#include "base/check.h"
#include "request_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  static StandingClock clock;
  std::string_view token(reinterpret_cast<const char*>(data), size);
  std::string_view key_set = take_until(token, '\n');
  Result<auth::JsonWebKeys> keys = auth::JsonWebKeys::parse(key_set);
  std::optional<auth::Jwt> jwt = auth::parse_jwt(token);
  const bool is_signed = keys && jwt && keys->verify(*jwt);
  check(!is_signed || keys->has_key_of(*jwt), "a key that is not meant signed");

  const auth::WebIdentities nobody;
  const auth::WebIdentityUse strict = {.role_account = "111122223333", .now = clock.wall()};
  check(!nobody.identify(token, strict), "a token of nobody was believed");
  (void)nobody.identify(token, {.role_account = "111122223333", .now = clock.wall(), .trusts_anyone = true});
  if (!keys) return 0;
  const auth::WebIdentities issuers({{.issuer = "https://token.example.com/a",
                                      .audiences = {"sts.amazonaws.com"},
                                      .subjects = {"repo:octo/*"},
                                      .accounts = {},
                                      .keys = std::move(*keys)}});
  Result<auth::WebIdentity> identity = issuers.identify(token, strict);
  check(!identity || (is_signed && identity->subject.starts_with("repo:octo/")), "something unsigned or foreign was believed");
  return 0;
}
