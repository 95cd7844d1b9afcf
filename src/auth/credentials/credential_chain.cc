#include "auth/credentials/credential_chain.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/credentials/limits.h"
#include "store/files.h"

namespace outcrop::auth {

namespace {

// What profiles may name and we do not do.
constexpr std::string_view unsupported_settings[] = {"credential_process", "sso_session",    "sso_start_url",
                                                     "sso_account_id",     "source_profile", "credential_source"};

std::string setting(const ProfileSettings& settings, std::string_view name) {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string() : found->second;
}

// Whether a profile nobody named means to give credentials.
bool gives_credentials(const ProfileSettings& settings) {
  return settings.contains("aws_access_key_id") || settings.contains("role_arn") ||
         std::ranges::any_of(unsupported_settings, [&](std::string_view name) { return settings.contains(name); });
}

}  // namespace

Task<Result<IssuedCredentials>> CredentialChain::load() {
  const auto& environment = world_.environment;
  const auto named = options_.profile.empty() ? environment("AWS_PROFILE") : std::optional(options_.profile);
  if (options_.profile.empty()) {
    auto key_id = environment("AWS_ACCESS_KEY_ID"), secret = environment("AWS_SECRET_ACCESS_KEY");
    if (key_id && secret)
      co_return IssuedCredentials{{std::move(*key_id), std::move(*secret), environment("AWS_SESSION_TOKEN").value_or("")}, {}};
  }
  auto token_file = environment("AWS_WEB_IDENTITY_TOKEN_FILE"), role_arn = environment("AWS_ROLE_ARN");
  if (!named && token_file && role_arn) {
    const WebIdentityRole role{*role_arn, *token_file, environment("AWS_ROLE_SESSION_NAME").value_or(""), options_.region};
    co_return co_await keep(web_identity_credentials(world_, role));
  }
  std::optional<ProfileSettings> settings = co_await profile(named.value_or("default"));
  if (named && !settings) co_return no_credentials(fmt::format("there is no profile {}", *named));
  if (settings && (named || gives_credentials(*settings)))
    co_return co_await keep(from_profile(named.value_or("default"), std::move(*settings)));
  if (environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") || environment("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
    co_return co_await keep(container_credentials(world_));
  if (environment("AWS_EC2_METADATA_DISABLED") == "true") {
    co_return no_credentials("there are none in the environment, in a profile or for a container, and instance metadata are disabled");
  }
  co_return co_await keep(instance_credentials(world_));
}

// Empty where there is no such file.
Task<Result<std::string>> CredentialChain::shared_file(const char* variable, std::string_view default_name) {
  auto path = world_.environment(variable);
  const auto home = world_.environment("HOME");
  if (!path && !home) co_return std::string();
  const std::string file = path ? *path : *home + "/.aws/" + std::string(default_name);
  auto read = [&] { return store::read_file(file, credential_file_bytes_max); };
  Result<std::optional<std::string>> text = co_await keep(world_.pool.run(read));
  if (!text) co_return no_credentials(text.error().message);
  co_return std::move(*text).value_or("");
}

// What the file of credentials says counts more.
Task<Result<std::optional<ProfileSettings>>> CredentialChain::profile(std::string_view name) {
  const std::string config = co_await shared_file("AWS_CONFIG_FILE", "config");
  const std::string credentials = co_await shared_file("AWS_SHARED_CREDENTIALS_FILE", "credentials");
  std::optional<ProfileSettings> settings = profile_in(credentials, ProfileFile::credentials, name);
  std::optional<ProfileSettings> more = profile_in(config, ProfileFile::config, name);
  if (!settings) co_return more;
  if (more) settings->merge(*more);
  co_return settings;
}

Task<Result<IssuedCredentials>> CredentialChain::from_profile(std::string_view name, ProfileSettings settings) {
  std::string key_id = setting(settings, "aws_access_key_id"), secret = setting(settings, "aws_secret_access_key");
  if (!key_id.empty() && !secret.empty() && !settings.contains("role_arn"))
    co_return IssuedCredentials{{std::move(key_id), std::move(secret), setting(settings, "aws_session_token")}, {}};
  for (std::string_view unsupported : unsupported_settings) {
    if (settings.contains(unsupported))
      co_return no_credentials(
          fmt::format("the profile {} needs {}, which is not supported: give it keys, or set them in the environment", name, unsupported));
  }
  const WebIdentityRole role{setting(settings, "role_arn"), setting(settings, "web_identity_token_file"),
                             setting(settings, "role_session_name"), options_.region};
  if (role.role_arn.empty() || role.token_file.empty()) co_return no_credentials(fmt::format("the profile {} holds no keys", name));
  co_return co_await keep(web_identity_credentials(world_, role));
}

}  // namespace outcrop::auth
