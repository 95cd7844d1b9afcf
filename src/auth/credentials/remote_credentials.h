// Credentials from the endpoints that AWS gives its machines, containers and web identities.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "auth/credentials/credential_source.h"
#include "base/thread_pool.h"
#include "net/http_clients.h"

namespace outcrop::auth {

// What looking for credentials needs of the world. All must outlive who holds it.
struct CredentialWorld {
  net::HttpClients& clients;
  ThreadPool& pool;  // for reading files
  const Clock& clock;
  std::function<std::optional<std::string>(const char* name)> environment;  // none for a variable that is unset or empty
};

// The content of a file. Fault: CredentialsUnavailable 500.
Task<Result<std::string>> read_credential_file(const CredentialWorld& world, std::string path);

// The endpoint named by AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI, one of which is set (AWS SDKs and Tools reference guide,
// "Container credential provider"). Over plain HTTP only loopback and AWS's own link-local addresses are asked.
Task<Result<IssuedCredentials>> container_credentials(const CredentialWorld& world);

// Of the role of an EC2 instance (EC2 User Guide, "Use the Instance Metadata Service": version 2 alone).
Task<Result<IssuedCredentials>> instance_credentials(const CredentialWorld& world);

// AssumeRoleWithWebIdentity of STS.
struct WebIdentityRole {
  std::string role_arn, token_file;
  std::string session_name;  // or empty
  std::string region;
};
Task<Result<IssuedCredentials>> web_identity_credentials(const CredentialWorld& world, const WebIdentityRole& role);

// "amazonaws.com", or what a Region's partition has instead.
std::string_view domain_of_region(std::string_view region);

}  // namespace outcrop::auth
