#include "auth/bearer_keys.h"

#include <algorithm>

#include "auth/access_keys.h"
#include "auth/limits.h"
#include "auth/query_parameters.h"
#include "base/digest.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

constexpr std::string_view bearer_scheme = "bearer ", short_term_prefix = "bedrock-api-key-";
constexpr std::string_view token_version = "&Version=1";  // put behind the URL after it was signed

}  // namespace

bool takes_bearer_keys(std::string_view signing_name) { return signing_name == "bedrock"; }

std::optional<std::string_view> bearer_of(const net::RequestHead& head) {
  std::string_view authorization = head.headers.get("authorization");
  bool is_bearer = authorization.size() > bearer_scheme.size() &&
                   ascii_equal_ignoring_case(authorization.substr(0, bearer_scheme.size()), bearer_scheme);
  if (!is_bearer) return std::nullopt;
  return authorization.substr(bearer_scheme.size());
}

Result<BearerKeys> BearerKeys::from(const std::vector<BearerKeyConfig>& config) {
  BearerKeys keys;
  for (size_t i = 0; i < config.size(); ++i) {
    auto invalid = [&](std::string_view problem) {
      return fail("InvalidConfiguration", 400, fmt::format("bedrock_api_keys: key {} {}", i + 1, problem));
    };
    if (config[i].key.empty()) return invalid("is empty");
    if (!is_account_id(config[i].account)) return invalid("needs an account of 12 digits");
    std::string hash = sha256(config[i].key);
    if (std::ranges::find(keys.entries_, hash, &Entry::key_hash) != keys.entries_.end()) return invalid("is there twice");
    Identity identity = root_of(config[i].account, "");
    identity.key_name = config[i].name;
    keys.entries_.push_back({std::move(hash), std::move(identity)});
  }
  return keys;
}

std::optional<Identity> BearerKeys::find(std::string_view key) const {
  std::string hash = sha256(key);
  auto found = std::ranges::find(entries_, hash, &Entry::key_hash);
  if (found == entries_.end()) return std::nullopt;
  return found->identity;
}

std::optional<net::RequestHead> presigned_request_of(std::string_view bearer) {
  if (!bearer.starts_with(short_term_prefix) || bearer.size() > authorization_bytes_max + session_token_bytes_max) return std::nullopt;
  std::optional<std::string> decoded = unbase64(bearer.substr(short_term_prefix.size()));
  if (!decoded) return std::nullopt;
  std::string_view url = *decoded;
  if (url.ends_with(token_version)) url.remove_suffix(token_version.size());
  size_t slash = url.find('/'), question = url.find('?');
  if (slash == std::string_view::npos || question == std::string_view::npos || slash > question) return std::nullopt;
  net::RequestHead head;
  head.method = "POST";
  head.host = url.substr(0, slash);
  head.path = url.substr(slash, question - slash);
  head.query = url.substr(question + 1);
  if (find_query_parameter(head.query, "Action") != "CallWithBearerToken") return std::nullopt;
  return head;
}

}  // namespace outcrop::auth
