#include "server/web_identity_issuers.h"

#include <fstream>
#include <iterator>

namespace outcrop::server {

namespace {

// Ours: a key has a kilobyte at the most, and providers publish a handful.
constexpr std::streamsize jwks_bytes_max = 1 << 20;

std::unexpected<Fault> unusable_file(const std::string& file, std::string_view problem) {
  return fail("InvalidConfiguration", 400, fmt::format("web_identity_issuers: {}: {}", file, problem));
}

}  // namespace

Result<std::vector<auth::WebIdentityIssuer>> read_web_identity_issuers(const std::vector<WebIdentityIssuerConfig>& config) {
  std::vector<auth::WebIdentityIssuer> issuers;
  for (const WebIdentityIssuerConfig& entry : config) {
    std::ifstream in(entry.jwks_file, std::ios::binary);
    std::string text(size_t(jwks_bytes_max) + 1, '\0');
    in.read(text.data(), std::streamsize(text.size()));
    if (!in.is_open() || in.bad()) return unusable_file(entry.jwks_file, "cannot be read");
    if (in.gcount() > jwks_bytes_max) return unusable_file(entry.jwks_file, fmt::format("is larger than {} bytes", jwks_bytes_max));
    text.resize(size_t(in.gcount()));
    Result<auth::JsonWebKeys> keys = auth::JsonWebKeys::parse(text);
    if (!keys) return unusable_file(entry.jwks_file, keys.error().message);
    issuers.push_back({entry.issuer, entry.audiences, entry.subjects, entry.accounts, std::move(*keys)});
  }
  return issuers;
}

}  // namespace outcrop::server
