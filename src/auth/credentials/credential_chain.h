// The places where AWS's tools look for credentials, in their order (AWS SDKs and Tools reference guide, "Standardized credential
// providers"): the first that is there counts, and one that is there and of no use is a fault, never passed over.
//
// | place                     | is there when                                                     |
// |---------------------------|-------------------------------------------------------------------|
// | environment               | AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, no profile configured |
// | profile                   | one is configured, or AWS_PROFILE; else "default" where a file has it |
// | web identity              | AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN; before "default"     |
// | container                 | AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI              |
// | instance metadata         | not AWS_EC2_METADATA_DISABLED=true                                |
//
// A profile holds keys, or a role for a web identity. Those that need a program, a browser or another profile's keys
// (credential_process, sso_…, source_profile, credential_source) are refused by name.
#pragma once
#include <string>

#include "auth/credentials/aws_profile.h"
#include "auth/credentials/remote_credentials.h"

namespace outcrop::auth {

struct CredentialChainOptions {
  std::string profile;  // asked for; or empty
  std::string region;   // of the STS that is asked
};

class CredentialChain final : public CredentialSource {
 public:
  CredentialChain(CredentialWorld world, CredentialChainOptions options) : world_(std::move(world)), options_(std::move(options)) {}

  Task<Result<IssuedCredentials>> load() override;

 private:
  Task<Result<std::optional<ProfileSettings>>> profile(std::string_view name);
  Task<Result<std::string>> shared_file(const char* variable, std::string_view default_name);
  Task<Result<IssuedCredentials>> from_profile(std::string_view name, ProfileSettings settings);

  const CredentialWorld world_;
  const CredentialChainOptions options_;
};

}  // namespace outcrop::auth
