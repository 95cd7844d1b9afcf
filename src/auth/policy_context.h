// The request context conditions look at: keys such as aws:SourceIp with their values. Key names ignore case.
#pragma once
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/identity.h"
#include "base/time.h"

namespace outcrop::auth {

class PolicyContext {
 public:
  using Values = std::vector<std::string>;

  void set(std::string_view key, std::string value);
  void set(std::string_view key, Values values);  // an empty list is a key that is present without values
  void add(std::string_view key, std::string value);
  const Values* find(std::string_view key) const;
  // The value of a key that has exactly one: what a policy variable stands for.
  std::optional<std::string> single(std::string_view key) const;

 private:
  std::map<std::string, Values, std::less<>> values_;  // by lower-case key
};

// What every call knows; what only a service knows (aws:SourceArn, aws:RequestTag/…, sqs:…) it sets itself.
struct RequestFacts {
  std::string_view source_ip;  // empty for calls between services
  std::string_view user_agent;
  std::string_view region;
  bool secure_transport = false;
  Instant now;  // the server's wall clock, manual or real
};

// aws:SourceIp, UserAgent, SecureTransport, RequestedRegion, CurrentTime, EpochTime, and of the identity aws:PrincipalArn,
// PrincipalAccount, PrincipalType, PrincipalIsAWSService, PrincipalServiceName, userid and username; of its session PrincipalTag/…,
// TokenIssueTime, SourceIdentity, FederatedProvider and MultiFactorAuthPresent.
PolicyContext context_of(const Identity& identity, const RequestFacts& facts);

// "arn:aws:iam::111122223333:role/name" for a session "arn:aws:sts::111122223333:assumed-role/name/session"; every other ARN as it is.
std::string principal_arn_of(const Identity& identity);

}  // namespace outcrop::auth
