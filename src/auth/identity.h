// Identity: who acts, as every layer above authentication sees it.
#pragma once
#include <memory>
#include <string>

namespace outcrop {

namespace auth {
struct Session;
}

struct Identity {
  enum class Kind { root, user, role, federated_user, service, anonymous };
  Kind kind = Kind::root;
  std::string account = "000000000000";               // 12 digits
  std::string arn;                                    // "arn:aws:iam::000000000000:root"; of a service its principal, "sns.amazonaws.com"
  std::string user_id;                                // root: the account; else AIDA…, AROA…:session, ACCOUNT:name of a federated user
  std::string access_key_id;                          // that signed; empty of bearer keys
  std::string key_name = {};                          // that a configured key was given, for people; or empty
  std::shared_ptr<const auth::Session> session = {};  // of temporary credentials; null for long-term ones
};

}  // namespace outcrop
